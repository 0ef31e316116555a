#include "cornu/keras/layers/layer.h"

#include <algorithm>
#include <set>
#include <utility>

#include "cornu/graph/check.h"
#include "cornu/graph/op.h"
#include "cornu/graph/read_scope.h"
#include "cornu/keras/layers/internal/layer_state.h"
#include "cornu/keras/layers/internal/naming_errors.h"
#include "cornu/keras/layers/internal/probe.h"
#include "cornu/keras/utils/internal/to_snake_case.h"
#include "cornu/keras/utils/random_seed.h"

namespace cornu::keras::layers {

using graph::require;

Layer::State::State(LayerConfig base) : config(std::move(base)), random(utils::next_random_seed()) {}

namespace {

void check_name(const std::string& name) {
  require<ValueError>(name.find('/') == std::string::npos, "layer: expected a name without '/', got \"", name, "\"");
}

// An input's shape as a layer is built for it: any batch, unless it needs to know, and lengths that stand for unknown
// ones are unknown.
Shape for_building(const Shape& input, bool with_batch) {
  Shape shape = internal::Probe::unknown_again(input);
  return shape.rank() == 0 || with_batch ? shape : shape.with(0, kUnknown);
}

// A sublayer by a path, "cells/lstm_cell": a part of a part.
struct Below {
  Layer& layer;
  std::string path;
  void state(StateVisitor& v) {
    const auto slash = path.find('/');
    if (slash == std::string::npos) return v.part(path, layer);
    Below rest{layer, path.substr(slash + 1)};
    v.part(path.substr(0, slash), rest);
  }
};

}  // namespace

Registry<Layer>& Layer::registry() {
  static Registry<Layer> registry("layer",
                                  {.module = "keras.layers", .registry = "layers::registry()", .named_by = "name"});
  return registry;
}

void visit_batch_input_shape(ConfigVisitor& v, Shape& input_shape, std::optional<int>& batch_size) {
  Shape shape = input_shape.is_set() ? input_shape.prepend(batch_size ? *batch_size : kUnknown) : Shape::unset();
  v("batch_input_shape", shape,
    {.until_keras3 = true, .unless_null = true, .in_front = true, .also_read = "batch_shape"});
  if (!shape.is_set()) return;
  require<ValueError>(shape.rank() >= 1, "layer: expected batch_input_shape to begin with the batch axis, got ", shape);
  input_shape = shape.drop_front();
  batch_size = shape.front() == kUnknown ? std::nullopt : std::optional<int>(static_cast<int>(shape.front()));
}

Layer::Layer(LayerConfig config) : state_(std::make_unique<State>(std::move(config))) {
  check_name(base().name);
  adopt_policy();
}
Layer::~Layer() = default;
Layer::Layer(Layer&&) noexcept = default;
Layer& Layer::operator=(Layer&&) noexcept = default;

DType Layer::input_dtype(DType) const { return graph::float32; }
void Layer::check_data(const Array&) const {}
void Layer::fields(ConfigVisitor& v) {
  config_fields(state_->config, v);
  adopt_policy();
}

// The policy that the config names, which a reader may have set.
void Layer::adopt_policy() {
  std::string& dtype = state_->config.dtype;
  if (dtype.empty()) dtype = state_->policy.name();
  if (dtype == state_->policy.name()) return;
  try {
    state_->policy = dtype;
  } catch (const ValueError& e) {
    throw ValueError(graph::message("layer \"", base().name, "\": ", e.what()));
  }
}

std::string Layer::described() const { return name().empty() ? Object::described() : "layer '" + name() + "'"; }

const mixed_precision::Policy& Layer::dtype_policy() const { return state_->policy; }
void Layer::set_dtype_policy(const mixed_precision::Policy& policy) {
  state_->policy = policy;
  state_->config.dtype = policy.name();
}
void Layer::set_supports_masking(bool supports) { state_->supports_masking = supports; }
bool Layer::supports_masking() const { return state_->supports_masking; }
void Layer::set_autocast(bool autocast) { state_->autocast = autocast; }

const std::string& Layer::name() const { return state_->config.name; }
bool Layer::trainable() const { return state_->config.trainable; }
void Layer::set_trainable(bool trainable) {
  state_->config.trainable = trainable;
  for (const Sublayer& part : state_->sublayers) part.layer->set_trainable(trainable);
}
bool Layer::built() const { return state_->built; }
const Shapes& Layer::input_shapes() const { return state_->inputs; }
const Specs& Layer::output_specs() const { return state_->outputs; }
const Shape& Layer::input_shape() const {
  static const Shape none = Shape::unset();
  return state_->inputs.empty() ? none : state_->inputs.front();
}
const Shape& Layer::output_shape() const {
  static const Shape none = Shape::unset();
  return state_->outputs.empty() ? none : state_->outputs.front().shape;
}
const LayerConfig& Layer::base() const { return state_->config; }
void Layer::set_activity_regularizer(Arg<regularizers::Regularizer> regularizer) {
  state_->activity_regularizer = std::move(regularizer);
}
bool Layer::needs_batch() const {
  return std::any_of(state_->sublayers.begin(), state_->sublayers.end(),
                     [](const Sublayer& part) { return part.layer->needs_batch(); });
}
Shared<Layer> Layer::from_name(const std::string& name) { return registry().make(name); }

std::string Layer::scope() const { return name().empty() ? utils::to_snake_case(class_name()) : name(); }
std::string Layer::who() const {
  // Asked for at every description, not only for errors: cheaper than a stream.
  return name().empty() ? '[' + class_name() + "] " : '[' + class_name() + " \"" + name() + "\"] ";
}

bool Layer::has_automatic_name() const { return state_->automatic_name; }

bool Layer::named_by_model() const { return state_->named_by_model; }

void Layer::set_automatic_name(std::string name, bool by_model) {
  set_name(std::move(name));
  state_->automatic_name = true;
  state_->named_by_model = by_model && !this->name().empty();
}

void Layer::set_name(std::string name) {
  check_name(name);
  state_->automatic_name = name.empty();
  state_->named_by_model = false;
  const std::size_t old_length = scope().size();
  state_->config.name = std::move(name);
  for (const Weight& weight : state_->weights) {
    if (state_->of_sublayers.contains(weight.variable.id())) continue;
    Variable variable = weight.variable;
    variable.rename(scope() + variable.name().substr(old_length));
  }
  if (state_->random_state.defined())
    state_->random_state.rename(scope() + state_->random_state.name().substr(old_length));
}

const std::vector<Layer::Sublayer>& Layer::sublayers() const { return state_->sublayers; }

void Layer::keep_sublayer(Shared<Layer> layer, std::string name) {
  require<ValueError>(static_cast<bool>(layer), who(), "add_layer needs a layer");
  std::set<std::string> taken;
  for (const Sublayer& part : state_->sublayers) taken.insert(part.name);
  const bool given = !name.empty() || !(layer->name().empty() || layer->has_automatic_name());
  if (name.empty()) name = given ? layer->name() : utils::to_snake_case(layer->class_name());
  require<ValueError>(!given || !taken.contains(name), who(), "has a layer named \"", name, "\" already");
  const std::string base = name;
  for (int n = 1; taken.contains(name); ++n) name = graph::message(base, '_', n);
  if (layer->name().empty()) layer->set_automatic_name(name.substr(name.rfind('/') + 1));
  state_->sublayers.push_back({std::move(name), std::move(layer)});
}

void Layer::set_sublayers(const std::vector<Shared<Layer>>& layers) {
  state_->sublayers.clear();
  std::set<const Layer*> known;
  for (const auto& layer : layers)
    if (known.insert(layer.get()).second) state_->sublayers.push_back({layer->name(), layer});
}

void Layer::build(const Shape&) {}
void Layer::build_all(const Shapes& inputs) { build(inputs.empty() ? Shape() : inputs.front()); }

void Layer::ensure_built(const Shape& input) { ensure_built_for({{input_dtype(graph::float32), input}}); }

void Layer::ensure_built_for(const Specs& inputs) {
  if (state_->built) return;
  const graph::ReadScope as_they_are({});  // the caller may be another layer's `call`
  const graph::NameScope names(scope());
  Specs specs = inputs;
  Shapes shapes;
  for (Spec& spec : specs) shapes.push_back(spec.shape = for_building(spec.shape, needs_batch()));
  state_->before_build = state_->sublayers.size();
  std::vector<Shared<Layer>> fresh;
  for (const Sublayer& part : state_->sublayers)
    if (!part.layer->built()) fresh.push_back(part.layer);
  internal::naming_errors(who(), [&] {
    try {
      build_all(shapes);
      if (state_->is_random) make_random_state();
      state_->built = true;
      state_->inputs = shapes;
      state_->input_specs = specs;
      state_->outputs = compute_output_specs(specs);
    } catch (...) {
      forget_build();
      for (const auto& layer : fresh) layer->unbuild();
      throw;
    }
  });
}

Specs Layer::outputs_for(const Specs& inputs) {
  ensure_built_for(inputs);
  return inputs == state_->input_specs && !state_->outputs.empty() ? state_->outputs : compute_output_specs(inputs);
}

void Layer::record_specs(Specs inputs, Specs outputs) {
  state_->built = true;
  state_->inputs.clear();
  for (const Spec& input : inputs) state_->inputs.push_back(input.shape);
  state_->input_specs = std::move(inputs);
  state_->outputs = std::move(outputs);
}

// What `build` made goes; sublayers that were there before it stay.
void Layer::forget_build() {
  forget();
  state_->weights.clear(), state_->of_sublayers.clear();
  state_->random_state = {};
  if (state_->before_build) state_->sublayers.resize(std::min(*state_->before_build, state_->sublayers.size()));
  state_->before_build.reset();
  state_->built = false;
  state_->inputs.clear(), state_->input_specs.clear(), state_->outputs.clear();
}

void Layer::unbuild() {
  forget_build();
  for (const Sublayer& part : state_->sublayers) part.layer->unbuild();
}

void Layer::state(StateVisitor& v) {
  std::set<std::string> used;
  for (Weight& weight : state_->weights) {
    const std::string& full = weight.variable.name();
    const std::string own = full.substr(full.rfind('/') + 1);
    std::string name = own;
    for (int n = 1; !used.insert(name).second; ++n) name = graph::message(own, '_', n);
    v(name, weight.variable);
  }
  if (state_->is_random) v("seed_generator_state", state_->random_state);
  for (const Sublayer& part : state_->sublayers) Below{*part.layer, part.name}.state(v);
}

}  // namespace cornu::keras::layers
