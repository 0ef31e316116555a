#include "cornu/keras/layers/layer.h"

#include <algorithm>
#include <typeinfo>
#include <utility>

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/graph/op.h"
#include "cornu/graph/read_scope.h"
#include "cornu/keras/layers/internal/naming_errors.h"
#include "cornu/keras/layers/internal/weight_allowance.h"
#include "cornu/keras/utils/random_seed.h"
#include "cornu/keras/utils/to_snake_case.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/random.h"

namespace cornu::keras::layers {

using graph::require;

struct Layer::State {
  explicit State(LayerConfig base) : config(std::move(base)), random(utils::next_random_seed()) {}

  LayerConfig config;
  mixed_precision::Policy policy = mixed_precision::global_policy();
  bool autocast = true, supports_masking = false;
  bool automatic_name = config.name.empty();
  bool built = false;
  Shape input_shape = Shape::unset(), output_shape = Shape::unset();
  std::vector<Weight> weights;
  Arg<regularizers::Regularizer> activity_regularizer;
  graph::random::Generator random;
  std::optional<std::int64_t> seed;
  Variable random_state;
};

namespace {

void check_name(const std::string& name) {
  require<ValueError>(name.find('/') == std::string::npos, "layer: expected a name without '/', got \"", name, "\"");
}

Shape with_unknown_batch(const Shape& shape) { return shape.rank() == 0 ? shape : shape.with(0, kUnknown); }

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

void Layer::build(const Shape&) {}
DType Layer::input_dtype(DType) const { return graph::float32; }
void Layer::check_data(const Array&) const {}
void Layer::fields(ConfigVisitor& v) {
  base_fields(state_->config, v);
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
Tensor Layer::compute_mask(const Tensor&, const Tensor& mask) const { return mask; }
void Layer::set_autocast(bool autocast) { state_->autocast = autocast; }

const std::string& Layer::name() const { return state_->config.name; }
bool Layer::trainable() const { return state_->config.trainable; }
void Layer::set_trainable(bool trainable) { state_->config.trainable = trainable; }
bool Layer::built() const { return state_->built; }
const Shape& Layer::input_shape() const { return state_->input_shape; }
const Shape& Layer::output_shape() const { return state_->output_shape; }
const LayerConfig& Layer::base() const { return state_->config; }
void Layer::set_seed(std::optional<std::int64_t> seed) { state_->seed = seed; }
void Layer::set_activity_regularizer(Arg<regularizers::Regularizer> regularizer) {
  state_->activity_regularizer = std::move(regularizer);
}
Shared<Layer> Layer::from_name(const std::string& name) { return registry().make(name); }

std::string Layer::scope() const { return name().empty() ? utils::to_snake_case(class_name()) : name(); }
std::string Layer::who() const {
  // Asked for at every description, not only for errors: cheaper than a stream.
  return name().empty() ? '[' + class_name() + "] " : '[' + class_name() + " \"" + name() + "\"] ";
}

bool Layer::has_automatic_name() const { return state_->automatic_name; }

void Layer::set_automatic_name(std::string name) {
  set_name(std::move(name));
  state_->automatic_name = true;
}

void Layer::set_name(std::string name) {
  check_name(name);
  state_->automatic_name = name.empty();
  const std::size_t old_length = scope().size();
  state_->config.name = std::move(name);
  for (const Weight& weight : state_->weights) {
    Variable variable = weight.variable;
    variable.rename(scope() + variable.name().substr(old_length));
  }
  if (state_->random_state.defined())
    state_->random_state.rename(scope() + state_->random_state.name().substr(old_length));
}

void Layer::ensure_built(const Shape& input) {
  if (state_->built) return;
  const graph::ReadScope as_they_are({});  // the caller may be another layer's `call`
  const graph::NameScope names(scope());
  internal::naming_errors(who(), [&] {
    try {
      build(with_unknown_batch(input));
      state_->built = true;
      state_->input_shape = with_unknown_batch(input);
      state_->output_shape = compute_output_shape(state_->input_shape);
    } catch (...) {
      Layer::unbuild();
      throw;
    }
  });
}

void Layer::unbuild() {
  state_->weights.clear();
  state_->built = false;
  state_->input_shape = state_->output_shape = Shape::unset();
}

void Layer::rebuild(const Shape& shape) {
  const graph::NameScope names(scope());
  internal::naming_errors(who(), [&] {
    build(shape);
    const bool before = std::exchange(state_->built, true);  // compute_output_shape must not build again
    try {
      state_->output_shape = compute_output_shape(shape);
      state_->input_shape = shape;
    } catch (...) {
      state_->built = before;
      throw;
    }
  });
}

Tensor Layer::call_in_compute_dtype(const Tensor& x, Context& ctx) {
  if (!state_->autocast) {
    const graph::ReadScope as_they_are({});
    return call(x, ctx);
  }
  const auto narrowed = [dtype = compute_dtype()](const Tensor& t) { return ops::cast_floating(t, dtype); };
  const Tensor input = narrowed(x);
  if (!input.same(x)) ctx.set_mask(input, ctx.mask(x));
  const graph::ReadScope weights(narrowed);
  return call(input, ctx);
}

Tensor Layer::operator()(const Tensor& x, Context& ctx) {
  ensure_built(x.shape());
  const graph::NameScope names(scope());
  return internal::naming_errors(who(), [&] {
    const Tensor y = call_in_compute_dtype(x, ctx);
    require<ValueError>(y.defined(), "call returned an undefined tensor");
    if (supports_masking() && !ctx.mask(y).defined()) ctx.set_mask(y, compute_mask(x, ctx.mask(x)));
    if (!supports_masking() && y.same(x)) ctx.set_mask(y, {});
    if (trainable())
      for (const Weight& weight : state_->weights)
        if (weight.regularizer && weight.variable.trainable() && ctx.first_penalty(weight.variable))
          ctx.add_loss(weight.regularizer(ops::cast(weight.variable, graph::float32)));
    if (state_->activity_regularizer) {
      const Tensor penalty = state_->activity_regularizer(ops::cast(y, graph::float32));
      ctx.add_loss(y.ndim() == 0 ? penalty : penalty / std::max<std::int64_t>(y.shape().front(), 1));
    }
    ctx.note({this, graph::NameScope::current(), x, y});
    return y;
  });
}

Shape Layer::compute_output_shape(const Shape& input) {
  ensure_built(input);
  // Lengths for what is unknown: an output axis that follows them is unknown, too.
  const auto describe = [&](std::int64_t length) {
    Shape shape = input;
    for (int axis = 0; axis < shape.rank(); ++axis)
      if (shape[axis] == kUnknown) shape[axis] = length;
    Context ctx;
    return call_in_compute_dtype(graph::parameter(0, {graph::float32, shape}), ctx).shape();
  };
  const graph::NameScope names(scope());
  return internal::naming_errors(who(), [&] {
    const Shape first = describe(8);
    if (input.is_static()) return first;
    const Shape second = describe(12);
    require<ShapeError>(first.rank() == second.rank(), "call gives outputs of ", first.rank(), " and ", second.rank(),
                        " axes for two batch sizes");
    Shape output = first;
    for (int axis = 0; axis < output.rank(); ++axis)
      if (first[axis] != second[axis]) output[axis] = kUnknown;
    return output;
  });
}

Variable Layer::add_weight(const WeightConfig& config) {
  const std::string name = config.name.empty() ? "variable" : config.name;
  require<ValueError>(config.shape.is_set() && config.shape.is_static(), who(), "weight '", name,
                      "' needs a known shape, got ", config.shape);
  Array value;
  if (auto* allowance = internal::WeightAllowance::current()) {
    allowance->take(scope() + "/" + name, config.shape);
    value = graph::zeros(config.shape);
  } else {
    const Shared<initializers::Initializer> initializer =
        config.initializer ? config.initializer : Arg<initializers::Initializer>("glorot_uniform");
    value = (*initializer)(config.shape, state_->random);
    require<ValueError>(value.shape() == config.shape, who(), "initializer ", initializer->class_name(), " gave shape ",
                        value.shape(), " for weight '", name, "' of shape ", config.shape);
  }
  const Variable variable(value.astype(config.dtype.value_or(variable_dtype())), scope() + "/" + name,
                          config.trainable);
  state_->weights.push_back({variable, config.regularizer, config.constraint});
  return variable;
}

Tensor Layer::random_state(Context& ctx) {
  Variable& state = state_->random_state;
  if (!state.defined()) {
    const std::int64_t key = state_->seed ? *state_->seed : static_cast<std::int64_t>(state_->random.next());
    state = Variable(Array{key, std::int64_t{0}}, scope() + "/seed_generator_state", false);
  }
  const Tensor now = ctx.value(state);
  ctx.update(state, ops::random_state_after(now));
  return now;
}

std::vector<Weight> Layer::weight_list() const {
  std::vector<Weight> weights = state_->weights;
  std::stable_partition(weights.begin(), weights.end(), [](const Weight& w) { return w.variable.trainable(); });
  return weights;
}

std::vector<Variable> Layer::weights() const {
  std::vector<Variable> variables;
  for (const Weight& weight : weight_list()) variables.push_back(weight.variable);
  return variables;
}

std::vector<Variable> Layer::trainable_weights() const {
  std::vector<Variable> variables;
  if (trainable())
    for (const Variable& variable : weights())
      if (variable.trainable()) variables.push_back(variable);
  return variables;
}

std::vector<Variable> Layer::non_trainable_weights() const {
  const auto trained = trainable_weights();
  std::vector<Variable> variables;
  for (const Variable& variable : weights())
    if (std::find(trained.begin(), trained.end(), variable) == trained.end()) variables.push_back(variable);
  return variables;
}

std::vector<Array> Layer::get_weights() const {
  std::vector<Array> values;
  for (const Variable& variable : weights()) values.push_back(variable.value());
  return values;
}

void Layer::set_weights(const std::vector<Array>& values) {
  std::vector<Variable> variables = weights();
  require<ValueError>(values.size() == variables.size(), who(), "set_weights: expected ", variables.size(),
                      " arrays, got ", values.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    require<ShapeError>(values[i].shape() == variables[i].shape(), who(), "set_weights: expected shape ",
                        variables[i].shape(), " for '", variables[i].name(), "', got ", values[i].shape());
  for (std::size_t i = 0; i < values.size(); ++i) variables[i].assign(values[i]);
}

std::int64_t Layer::count_params() const {
  std::int64_t count = 0;
  for (const Variable& variable : weights()) count += variable.shape().elements();
  return count;
}

}  // namespace cornu::keras::layers
