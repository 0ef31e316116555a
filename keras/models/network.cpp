#include "cornu/keras/models/network.h"

#include <algorithm>
#include <mutex>
#include <unordered_map>

#include "cornu/graph/check.h"
#include "cornu/keras/models/internal/training.h"
#include "cornu/ops/native/cast.h"

namespace cornu::keras::models {

using graph::require;

struct Network::Building {
  std::mutex mutex;
};

Network::Network(std::string name) : Layer({.name = std::move(name)}), building_(std::make_unique<Building>()) {
  set_autocast(false);  // each layer casts for itself
  set_supports_masking(true);
}
Network::~Network() = default;
// For a class of one's own that is made and moved into its handle: nothing has been compiled yet.
Network::Network(Network&& other) noexcept
    : Layer(std::move(other)),
      stop_training(other.stop_training.load()),
      wiring_(std::move(other.wiring_)),
      training_(std::move(other.training_)),
      threads_(other.threads_),
      cached_plans_(other.cached_plans_),
      building_(std::make_unique<Building>()) {}

std::vector<Shared<layers::Layer>> Network::layers() const {
  if (!wiring_.empty()) return wiring_.layers;
  std::vector<Shared<layers::Layer>> list;
  for (const Sublayer& part : sublayers()) list.push_back(part.layer);
  return list;
}

namespace {

std::vector<std::string> numbered(const char* what, std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) names.push_back(graph::message(what, '_', i + 1));
  return names;
}

std::vector<std::string> names_of(const std::vector<KerasTensor>& tensors) {
  std::vector<std::string> names;
  for (const KerasTensor& tensor : tensors) {
    std::string name = tensor.layer()->name();
    const std::string base = name;
    for (int n = 1; std::find(names.begin(), names.end(), name) != names.end(); ++n)
      name = graph::message(base, '_', n);
    names.push_back(std::move(name));
  }
  return names;
}

}  // namespace

std::vector<std::string> Network::input_names() const {
  return wiring_.empty() ? numbered("input", input_shapes().size()) : names_of(wiring_.inputs);
}
std::vector<std::string> Network::output_names() const {
  return wiring_.empty() ? numbered("output", output_specs().size()) : names_of(wiring_.outputs);
}

void Network::set_wiring(Wiring wiring) {
  wiring_ = std::move(wiring);
  Specs inputs, outputs;
  for (const KerasTensor& tensor : wiring_.inputs) inputs.push_back(tensor.spec());
  for (const KerasTensor& tensor : wiring_.outputs) outputs.push_back(tensor.spec());
  record_specs(std::move(inputs), std::move(outputs));
}

void Network::rewired() {
  ready_ = false;
  predictor_ = {};
  if (training_) training_->forget();
}

DType Network::dtype_of_input(std::size_t input, DType) const { return wiring_.inputs[input].dtype(); }

DType Network::input_dtype(DType data) const {
  if (!wiring_.empty()) return dtype_of_input(0, data);
  return data == graph::float64 ? graph::float32 : data;
}

namespace {

// What each use has given, by use.
template <class T>
class Values {
 public:
  void set(const Use& use, std::vector<T> values) { values_[&use] = std::move(values); }
  const T& operator[](const KerasTensor& tensor) const {
    return values_.at(tensor.use_ptr().get())[static_cast<std::size_t>(tensor.index())];
  }
  std::vector<T> operator()(const std::vector<KerasTensor>& tensors) const {
    std::vector<T> list;
    for (const KerasTensor& tensor : tensors) list.push_back((*this)[tensor]);
    return list;
  }

 private:
  std::unordered_map<const Use*, std::vector<T>> values_;
};

}  // namespace

Tensors Network::call_all(const Inputs& inputs, Context& ctx) {
  if (wiring_.empty()) return Layer::call_all(inputs, ctx);
  require<ValueError>(inputs.size() == wiring_.inputs.size(), who(), "takes ", wiring_.inputs.size(), " inputs, got ",
                      inputs.size());
  // A layer may give its input itself, with another mask; what else reads the input finds the one of before.
  Values<Tensor> values, masks;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    masks.set(wiring_.inputs[i].use(), {ctx.mask(inputs[i])});
    values.set(wiring_.inputs[i].use(), {ops::cast(inputs[i], dtype_of_input(i, inputs[i].dtype()))});
  }
  for (const auto& use : wiring_.uses) {
    if (use->inputs.empty()) continue;
    Inputs in(values(use->inputs));
    for (std::size_t i = 0; i < in.size(); ++i) ctx.set_mask(in[i], masks[use->inputs[i]]);
    for (const auto& [name, tensor] : use->named) in.with(name, values[tensor]);
    for (const auto& [name, value] : use->values) in.with_value(name, value);
    const Context::Training mode(ctx, use->training.value_or(ctx.training()));
    Tensors outputs = (*use->layer)(in, ctx), theirs;
    for (const Tensor& y : outputs) theirs.push_back(ctx.mask(y));
    values.set(*use, std::move(outputs)), masks.set(*use, std::move(theirs));
  }
  for (const KerasTensor& y : wiring_.outputs) ctx.set_mask(values[y], masks[y]);
  return values(wiring_.outputs);
}

Specs Network::compute_output_specs(const Specs& inputs) {
  if (!built()) ensure_built_for(inputs);
  if (wiring_.empty()) return Layer::compute_output_specs(inputs);
  require<ValueError>(inputs.size() == wiring_.inputs.size(), who(), "takes ", wiring_.inputs.size(), " inputs, got ",
                      inputs.size());
  Values<Spec> values;
  for (std::size_t i = 0; i < inputs.size(); ++i)
    values.set(wiring_.inputs[i].use(), {{dtype_of_input(i, inputs[i].dtype), inputs[i].shape}});
  for (const auto& use : wiring_.uses) {
    if (use->inputs.empty()) continue;
    CallSpecs call{values(use->inputs), {}, use->values};
    for (const auto& [name, tensor] : use->named) call.named.emplace_back(name, values[tensor]);
    values.set(*use, use->layer->outputs_for_call(call));
  }
  return values(wiring_.outputs);
}

// The layer that reads an input, as errors name it.
const layers::Layer& Network::reader_of(std::size_t input) const {
  for (const auto& use : wiring_.uses)
    for (const KerasTensor& read : use->inputs)
      if (read.same(wiring_.inputs[input])) return *use->layer;
  return *this;
}

void Network::check_data(const Array& x) const {
  if (!wiring_.empty() && &reader_of(0) != this) reader_of(0).check_data(x);
}

Array Network::fitted(Array x, std::size_t input) const {
  // Asked at every predict: the texts of errors are made only where there is one.
  if (x.ndim() < 1) throw ShapeError(graph::message(who(), "data needs an axis of samples, got shape ", x.shape()));
  if (input >= input_shapes().size()) return x;
  const Shape& expected = input_shapes()[input];
  const Shape given = x.shape();
  if (!wiring_.empty()) {  // Keras' rule for a last axis of length 1
    if (x.ndim() == expected.rank() + 1 && x.shape().back() == 1)
      x = x.reshape(x.shape().drop_back());
    else if (x.ndim() == expected.rank() - 1 && expected.back() == 1)
      x = x.reshape(x.shape().append(1));
    else if (x.ndim() == expected.rank() - 1 && x.ndim() >= 2 && x.dtype() == graph::uint8 &&
             expected.back() == kUnknown && expected[x.ndim() - 1] == 1)  // of texts, whose bytes are the last axis
      x = x.reshape(x.shape().drop_back().append(1).append(x.shape().back()));
  }
  bool fits = expected.rank() == x.ndim();
  for (int i = 1; fits && i < x.ndim(); ++i) fits = expected[i] == kUnknown || expected[i] == x.shape()[i];
  if (!fits) {
    const Layer& reader = reader_of(input);
    const std::string of = input_shapes().size() > 1 ? graph::message("input \"", input_names()[input], "\": ") : "";
    throw ShapeError(graph::message('[', reader.class_name(), " \"", reader.name(), "\"] ", of, "expected input shape ",
                                    expected, ", got ", given));
  }
  if (!wiring_.empty() && &reader_of(input) != this) reader_of(input).check_data(x);
  return x;
}

void Network::build_for(const std::vector<Array>& data) {
  if (ready_.load(std::memory_order_acquire)) return;
  const std::lock_guard lock(building_->mutex);
  if (ready_.load(std::memory_order_relaxed)) return;
  Specs specs;
  for (const Array& x : data) {
    require<ShapeError>(x.ndim() >= 1, who(), "data needs an axis of samples, got shape ", x.shape());
    specs.push_back({input_dtype(x.dtype()), needs_batch() ? x.shape() : x.shape().with(0, kUnknown)});
  }
  if (!built()) ensure_built_for(specs);
  compile_predictor();
  ready_.store(true, std::memory_order_release);
}

Array Network::accept_one(const Array& data) {
  if (!ready_.load(std::memory_order_acquire)) build_for({data});
  require<ValueError>(wiring_.empty() || wiring_.inputs.size() == 1, "model \"", name(), "\" takes ",
                      wiring_.inputs.size(), " inputs, got one array");
  return fitted(data, 0);
}

std::vector<Array> Network::accept(Arrays data) {
  if (data.empty()) throw ValueError(who() + "there is no data");
  build_for(data.arrays());
  // The names, which take longer to make than a small step, are needed for data with names, and to say what is missing.
  const bool in_order = data.names().empty() && (wiring_.empty() || data.size() == wiring_.inputs.size());
  std::vector<Array> ordered = in_order ? std::move(data).arrays() : data.in_order(input_names(), "x");
  for (std::size_t i = 0; i < ordered.size(); ++i) ordered[i] = fitted(std::move(ordered[i]), i);
  return ordered;
}

void Network::set_threads(int threads) {
  require<ValueError>(threads >= 0, who(), "threads must be at least 0, got ", threads);
  threads_ = threads;
  compile_predictor();
  if (training_) training_->compile_steps();
}

void Network::set_cached_plans(int plans) {
  require<ValueError>(plans >= 1, who(), "cached_plans must be at least 1, got ", plans);
  cached_plans_ = plans;
  compile_predictor();
  if (training_) training_->compile_steps();
}

// A function that is handed out may outlive the network; it holds it weakly, for the network holds the function.
void Network::compile_predictor() {
  predictor_ = graph::Function(
      [weak = weak_from_this()](std::span<const Tensor> x) {
        const auto self = std::static_pointer_cast<Network>(weak.lock());
        require<ValueError>(self != nullptr, "the model of this function is gone");
        Context ctx(false);
        const Tensors y = self->predict_step(Inputs(Tensors(x.begin(), x.end())), ctx);
        return Outputs(y, ctx.updates());  // of recurrent layers that keep their states
      },
      -1, {.name = name(), .threads = threads_, .cached_plans = cached_plans_});
}

void Network::train_step(const Batch& batch, Step& step) {
  const Tensors y_pred = step.call(batch.x);
  step.minimise(step.compute_loss(batch, y_pred));
  step.update_metrics(batch, y_pred);
}

void Network::test_step(const Batch& batch, Step& step) {
  const Tensors y_pred = step.call(batch.x);
  step.compute_loss(batch, y_pred);
  step.update_metrics(batch, y_pred);
}

Tensors Network::predict_step(const Inputs& x, Context& ctx) { return (*this)(x, ctx); }

}  // namespace cornu::keras::models
