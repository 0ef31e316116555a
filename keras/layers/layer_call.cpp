#include <algorithm>
#include <utility>

#include "cornu/graph/check.h"
#include "cornu/graph/function.h"
#include "cornu/graph/leaf.h"
#include "cornu/graph/op.h"
#include "cornu/graph/read_scope.h"
#include "cornu/keras/layers/internal/call_checks.h"
#include "cornu/keras/layers/internal/layer_state.h"
#include "cornu/keras/layers/internal/naming_errors.h"
#include "cornu/keras/layers/internal/probe.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/random.h"

namespace cornu::keras::layers {

using graph::require;

Tensor Layer::call(const Tensor&, Context&) {
  throw ValueError(who() + "has neither `call` for one input nor `call_all` for any number");
}

Tensors Layer::call_all(const Inputs& inputs, Context& ctx) {
  require<ValueError>(inputs.size() == 1, who(), "takes one input, got ", inputs.size());
  return {call(inputs[0], ctx)};
}

const CallSignature& Layer::call_signature() const {
  static const CallSignature none;
  return none;
}

Tensor Layer::compute_mask(const Tensor&, const Tensor& mask) const { return mask; }

Tensor Layer::compute_mask_all(const Inputs& inputs, const Tensors& masks) const {
  return inputs.size() == 1 ? compute_mask(inputs[0], masks[0]) : Tensor();
}

Tensors Layer::call_in_compute_dtype(const Inputs& inputs, Context& ctx) {
  const auto latest = [&ctx](const Tensor& read) { return ctx.latest(read); };
  if (!state_->autocast) {
    const graph::ReadScope as_they_are(latest);
    return call_all(inputs, ctx);
  }
  const auto narrowed = [dtype = compute_dtype(), &ctx](const Tensor& t) {
    return ops::cast_floating(ctx.latest(t), dtype);
  };
  Inputs narrow;
  {
    Tensors tensors;
    for (const Tensor& x : inputs) {
      tensors.push_back(ops::cast_floating(x, compute_dtype()));
      if (!tensors.back().same(x)) ctx.set_mask(tensors.back(), ctx.mask(x), masked_axes(x.shape()));
    }
    narrow = Inputs(std::move(tensors));
  }
  for (const auto& [name, tensor] : inputs.all_named()) narrow.with(name, ops::cast_floating(tensor, compute_dtype()));
  for (const auto& [name, value] : inputs.values()) narrow.with_value(name, value);
  const graph::ReadScope weights(narrowed);
  return call_all(narrow, ctx);
}

void Layer::set_output_mask(const Inputs& inputs, const Tensors& outputs, Context& ctx) const {
  if (!supports_masking()) {
    for (const Tensor& y : outputs)
      for (const Tensor& x : inputs)
        if (y.same(x)) ctx.set_mask(y, {});
    return;
  }
  const Tensor& y = outputs.front();
  if (ctx.mask(y).defined()) return;
  Tensors masks;
  for (const Tensor& x : inputs) masks.push_back(ctx.mask(x));
  ctx.set_mask(y, compute_mask_all(inputs, masks));
}

void Layer::add_penalties(const Tensors& outputs, Context& ctx) const {
  if (ctx.trainable(*this))
    for (const Weight& weight : state_->weights)
      if (weight.regularizer && weight.variable.trainable() && ctx.first_penalty(weight.variable))
        ctx.add_loss(weight.regularizer(ops::cast(weight.variable, graph::float32)));
  if (!state_->activity_regularizer) return;
  for (const Tensor& y : outputs) {
    const Tensor penalty = state_->activity_regularizer(ops::cast(y, graph::float32));
    ctx.add_loss(y.ndim() == 0 ? penalty : penalty / std::max<std::int64_t>(y.shape().front(), 1));
  }
}

namespace {

// Keras broadcasts a mask that is given for a call: length 1 stands for the whole axis.
Tensor broadcast_mask(const Tensor& mask, const Shape& axes) {
  Shape shape = mask.shape();
  for (int axis = 0; axis < std::min(mask.ndim(), axes.rank()); ++axis)
    if (shape[axis] == 1) shape[axis] = axes[axis];
  return shape == mask.shape() ? mask : ops::broadcast_to(mask, shape);
}

/// While one lives, a tensor has another mask: the one that was given for this call.
class GivenMask {
 public:
  GivenMask(const Layer& layer, Context& ctx, const Inputs& inputs) : ctx_(ctx) {
    const Tensor mask = inputs.named("mask");
    if (!mask.defined() || inputs.size() == 0) return;
    of_ = inputs[0];
    before_ = ctx.mask(of_);
    axes_ = layer.masked_axes(of_.shape());
    ctx.set_mask(of_, broadcast_mask(mask, axes_), axes_);
  }
  ~GivenMask() {
    if (of_.defined()) ctx_.set_mask(of_, before_, axes_);
  }
  GivenMask(const GivenMask&) = delete;
  GivenMask& operator=(const GivenMask&) = delete;

 private:
  Context& ctx_;
  Tensor of_, before_;
  Shape axes_;
};

}  // namespace

namespace {

// The inputs as the layer's signature has them.
Inputs in_places(const std::string& who, const CallSignature& signature, const Inputs& given) {
  Tensors tensors = given.tensors();
  auto named = given.all_named();
  internal::put_in_places(who, signature, tensors, named);
  Inputs inputs(std::move(tensors));
  for (auto& [name, tensor] : named) inputs.with(std::move(name), std::move(tensor));
  for (auto& [name, value] : internal::checked_values(who, signature, given.values()))
    inputs.with_value(std::move(name), std::move(value));
  return inputs;
}

}  // namespace

Tensors Layer::operator()(const Inputs& given, Context& ctx) {
  if (!given.all_named().empty() || !given.values().empty()) {
    const Inputs inputs = in_places(who(), call_signature(), given);
    return call_with(inputs, ctx);
  }
  return call_with(given, ctx);
}

Tensors Layer::call_with(const Inputs& inputs, Context& ctx) {
  if (!built()) {
    Specs specs;
    for (const Tensor& x : inputs) specs.push_back(x.spec());
    ensure_built_for(specs);
  }
  const graph::NameScope names(scope());
  return internal::naming_errors(who(), [&] {
    Tensors outputs;
    {
      const GivenMask given(*this, ctx, inputs);
      outputs = call_in_compute_dtype(inputs, ctx);
      require<ValueError>(!outputs.empty(), "call returned no tensor");
      for (const Tensor& y : outputs) require<ValueError>(y.defined(), "call returned an undefined tensor");
      set_output_mask(inputs, outputs, ctx);
    }
    add_penalties(outputs, ctx);
    ctx.note({this, graph::NameScope::current(), inputs.tensors(), outputs});
    return outputs;
  });
}

Tensor Layer::operator()(const Tensor& x, Context& ctx) { return (*this)(Inputs(x), ctx).front(); }

Array Layer::operator()(const Arrays& x, bool training) {
  std::vector<Array> data;
  for (const Array& array : x) {
    check_data(array);
    data.push_back(array.astype(input_dtype(array.dtype())));
  }
  const graph::Function once([&](std::span<const Tensor> inputs) {
    Context ctx(training);
    Outputs outputs{(*this)(Inputs(Tensors(inputs.begin(), inputs.end())), ctx).front()};
    for (const auto& [variable, value] : ctx.updates()) outputs.update(variable, value);
    return outputs;
  });
  return once.call(data)[0];
}

Specs Layer::compute_output_specs(const Specs& inputs) { return describe_outputs({inputs}); }

Specs Layer::outputs_for_call(const CallSpecs& call) {
  // Masks change no shape.
  const bool plain = call.values.empty() && std::all_of(call.named.begin(), call.named.end(),
                                                        [](const auto& entry) { return entry.first == "mask"; });
  return plain ? outputs_for(call.inputs) : describe_outputs(call);
}

Specs Layer::build_for_call(CallSpecs call) {
  internal::put_in_places(who(), call_signature(), call.inputs, call.named);
  call.values = internal::checked_values(who(), call_signature(), call.values);
  return outputs_for_call(call);
}

Specs Layer::describe_outputs(const CallSpecs& call) {
  const Specs& inputs = call.inputs;
  bool known = true;
  for (const Spec& input : inputs) known = known && input.shape.is_static();
  for (const auto& [name, spec] : call.named) known = known && spec.shape.is_static();
  ensure_built_for(inputs);
  const auto describe = [&](int round) {
    const internal::Probe probe(round);
    int parameters = 0;
    const auto parameter = [&](const Spec& spec) {
      return graph::parameter(parameters++, {spec.dtype, probe.known(spec.shape)});
    };
    Tensors tensors;
    for (const Spec& input : inputs) tensors.push_back(parameter(input));
    Inputs described(std::move(tensors));
    for (const auto& [name, spec] : call.named) described.with(name, parameter(spec));
    for (const auto& [name, value] : call.values) described.with_value(name, value);
    Context ctx;
    Specs outputs;
    for (const Tensor& y : call_in_compute_dtype(described, ctx)) {
      require<ValueError>(y.defined(), "call returned an undefined tensor");
      outputs.push_back(y.spec());
    }
    return outputs;
  };
  const graph::NameScope names(scope());
  return internal::naming_errors(who(), [&] {
    Specs outputs = describe(0);
    require<ValueError>(!outputs.empty(), "call returned no tensor");
    if (known) return outputs;
    const Specs others = describe(1);
    require<ShapeError>(outputs.size() == others.size(), "call gives ", outputs.size(), " and ", others.size(),
                        " outputs for inputs of two lengths");
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      Shape& shape = outputs[i].shape;
      const Shape& other = others[i].shape;
      require<ShapeError>(shape.rank() == other.rank(), "call gives outputs of ", shape.rank(), " and ", other.rank(),
                          " axes for inputs of two lengths");
      for (int axis = 0; axis < shape.rank(); ++axis)
        if (shape[axis] != other[axis]) shape[axis] = kUnknown;
    }
    return outputs;
  });
}

Shape Layer::compute_output_shape(const Shape& input) {
  return compute_output_specs({{input_dtype(graph::float32), input}}).front().shape;
}

KerasTensor Layer::operator()(const KerasTensor& x, const CallConfig& config) { return use({x}, false, config); }

KerasTensor Layer::operator()(const std::vector<KerasTensor>& inputs, const CallConfig& config) {
  return use(inputs, true, config);
}

KerasTensor Layer::use(const std::vector<KerasTensor>& inputs, bool as_list, const CallConfig& config) {
  require<ValueError>(!inputs.empty(), who(), "was called on no tensor");
  auto use = std::make_shared<Use>();
  use->layer = held();
  use->inputs = inputs;
  use->training = config.training;
  use->named = config.named;
  for (const KerasTensor& state : config.initial_state) use->named.emplace_back("initial_state", state);
  if (config.mask.defined()) use->named.emplace_back("mask", config.mask);
  for (const KerasTensor& read : use->read()) read.use();  // throws for an undefined one
  internal::put_in_places(who(), call_signature(), use->inputs, use->named);
  use->values = internal::checked_values(who(), call_signature(), config.values);
  use->as_list = as_list && call_signature().tensors.empty();
  prepare_use(*use);
  use->outputs = outputs_for_call(use->specs());
  std::erase_if(state_->uses, [](const auto& past) { return past.expired(); });
  state_->uses.push_back(use);
  return {std::move(use), 0};
}

KerasTensor use_input(const Shared<Layer>& layer, const Spec& spec) {
  auto use = std::make_shared<Use>();
  use->layer = layer;
  use->outputs = {spec};
  layer->state_->uses.push_back(use);
  return {std::move(use), 0};
}

Shared<Layer> Layer::held() {
  auto self = weak_from_this().lock();
  require<ValueError>(self != nullptr, who(),
                      "is called in a graph of layers, which keeps it: pass a handle, `share(Scale())(x)`");
  return self;
}

KerasTensor Layer::output(int use) const {
  std::vector<std::shared_ptr<const Use>> held;
  for (const auto& past : state_->uses)
    if (auto there = past.lock()) held.push_back(std::move(there));
  require<ValueError>(use >= 0 && static_cast<std::size_t>(use) < held.size(), who(), "has ", held.size(),
                      " uses in a graph of layers, asked for number ", use);
  return {held[static_cast<std::size_t>(use)], 0};
}

KerasTensor Layer::input(int use) const {
  const KerasTensor y = output(use);
  require<ValueError>(!y.use().inputs.empty(), who(), "is an input: it has none itself");
  return y.use().inputs.front();
}

void Layer::set_seed(std::optional<std::int64_t> seed) {
  state_->seed = seed;
  state_->is_random = true;
}

void Layer::make_random_state() {
  if (state_->random_state.defined()) return;
  const std::int64_t key = state_->seed ? *state_->seed : static_cast<std::int64_t>(state_->random.next());
  state_->random_state = Variable(Array{key, std::int64_t{0}}, scope() + "/seed_generator_state", false);
}

Tensor Layer::random_state(Context& ctx) {
  const Variable& state = state_->random_state;
  require<ValueError>(state.defined(), who(), "uses random numbers: call set_seed in the constructor");
  const Tensor now = ctx.value(state);
  ctx.update(state, ops::random_state_after(now));
  return now;
}

}  // namespace cornu::keras::layers
