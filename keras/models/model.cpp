#include "cornu/keras/models/model.h"

#include "cornu/keras/layers/rnn/recurrent.h"
#include "cornu/keras/models/internal/functional_network.h"
#include "cornu/keras/models/internal/training.h"
#include "cornu/keras/models/network.h"
#include "cornu/keras/utils/internal/to_snake_case.h"

namespace cornu::keras::models {

using graph::require;

Model::Model(std::shared_ptr<Network> network) : stop_training(network), network_(std::move(network)) {
  if (network_->name().empty()) network_->set_automatic_name(utils::to_snake_case(network_->class_name()), false);
}

Model& Model::operator=(const Model& other) {
  network_ = other.network_;
  stop_training.network_ = other.network_;
  return *this;
}

Model::StopTraining& Model::StopTraining::operator=(bool stop) {
  network_->stop_training = stop;
  return *this;
}
Model::StopTraining::operator bool() const { return network_->stop_training; }

Model::Model(ModelConfig config)
    : Model(std::make_shared<FunctionalNetwork>(config.inputs, config.outputs, std::move(config.name))) {
  if (!config.trainable) set_trainable(false);
}

Model::Model(const KerasTensors& inputs, const KerasTensors& outputs, std::string name)
    : Model(std::make_shared<FunctionalNetwork>(inputs, outputs, std::move(name))) {}

void Model::compile(CompileConfig config) {
  require<ValueError>(config.threads >= 0, "compile: threads must be at least 0, got ", config.threads);
  require<ValueError>(config.cached_plans >= 0, "compile: cached_plans must be at least 0, got ", config.cached_plans);
  if (config.threads > 0 && config.threads != network_->threads()) network_->set_threads(config.threads);
  if (config.cached_plans > 0 && config.cached_plans != network_->cached_plans())
    network_->set_cached_plans(config.cached_plans);
  network_->set_training(std::make_shared<Training>(*network_, std::move(config)));
}

KerasTensor Model::operator()(const KerasTensor& x, const layers::CallConfig& config) const {
  return (*network_)(x, config);
}
KerasTensor Model::operator()(const std::vector<KerasTensor>& inputs, const layers::CallConfig& config) const {
  return (*network_)(inputs, config);
}
KerasTensor Model::operator()(std::initializer_list<KerasTensor> inputs, const layers::CallConfig& config) const {
  return (*network_)(std::vector<KerasTensor>(inputs), config);
}
Tensors Model::operator()(const Inputs& inputs, Context& ctx) const { return (*network_)(inputs, ctx); }
Tensor Model::operator()(const Tensor& x, Context& ctx) const { return (*network_)(x, ctx); }

KerasTensors Model::inputs() const {
  const Wiring& wiring = network_->wiring();
  require<ValueError>(!wiring.empty(), "model \"", name(),
                      "\" has no symbolic tensors: it is not built, or calls its layers itself");
  return {network_->input_names(), wiring.inputs};
}
KerasTensors Model::outputs() const {
  inputs();
  return {network_->output_names(), network_->wiring().outputs};
}
std::vector<std::string> Model::input_names() const { return network_->input_names(); }
std::vector<std::string> Model::output_names() const { return network_->output_names(); }

void Model::build(const Shape& input_shape) {
  require<ShapeError>(input_shape.rank() >= 1, "build: the input's shape needs the batch axis in front, got ",
                      input_shape);
  network_->ensure_built(input_shape);
  require<ValueError>(input_shape.drop_front() == network_->input_shape().drop_front(), "model \"", name(),
                      "\" was built for the input shape ", network_->input_shape(), " and cannot be built for ",
                      input_shape);
}
void Model::set_threads(int threads) { network_->set_threads(threads); }
bool Model::built() const { return network_->built(); }
bool Model::compiled() const { return network_->training() != nullptr; }

Training& Model::training() const {
  require<ValueError>(compiled(), "model \"", name(),
                      "\" is not compiled: call compile({.optimizer = …, .loss = …}) first");
  return *network_->training();
}

void Model::reset_metrics() { training().reset_metrics(); }
void Model::reset_states() { layers::reset_states(*network_); }
std::vector<std::string> Model::metrics_names() const { return training().names(); }
Shared<optimizers::Optimizer> Model::optimizer() const { return training().optimizer(); }

Model::operator Shared<layers::Layer>() const { return network_; }
std::string Model::name() const { return network_->name(); }
std::vector<Shared<layers::Layer>> Model::layers() const { return network_->layers(); }

Shared<layers::Layer> Model::get_layer(std::string_view name) const {
  std::string known;
  for (const auto& layer : layers()) {
    if (layer->name() == name) return layer;
    known += (known.empty() ? "" : ", ") + layer->name();
  }
  throw ValueError(graph::message("model \"", this->name(), "\" has no layer named '", name, "'; it has: ", known));
}

Shared<layers::Layer> Model::get_layer(int index) const {
  const auto list = layers();
  const int n = static_cast<int>(list.size()), i = index < 0 ? index + n : index;
  require<ValueError>(i >= 0 && i < n, "model \"", name(), "\" has ", n, " layers, asked for number ", index);
  return list[i];
}

const Shape& Model::input_shape() const { return network_->input_shape(); }
const Shape& Model::output_shape() const { return network_->output_shape(); }
std::vector<Variable> Model::weights() const { return network_->weights(); }
std::vector<Variable> Model::trainable_weights() const { return network_->trainable_weights(); }
std::vector<Variable> Model::non_trainable_weights() const { return network_->non_trainable_weights(); }
std::vector<Array> Model::get_weights() const { return network_->get_weights(); }
void Model::set_weights(const std::vector<Array>& values) { network_->set_weights(values); }
std::int64_t Model::count_params() const { return network_->count_params(); }
bool Model::trainable() const { return network_->trainable(); }
void Model::set_trainable(bool trainable) { network_->set_trainable(trainable); }

}  // namespace cornu::keras::models
