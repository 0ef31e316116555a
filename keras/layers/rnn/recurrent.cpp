#include "cornu/keras/layers/rnn/recurrent.h"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/keras/layers/rnn/internal/run_steps.h"
#include "cornu/keras/utils/internal/to_snake_case.h"
#include "cornu/ops/composite/rearrange.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/reshape.h"

namespace cornu::keras::layers {

using graph::require;

namespace {

constexpr const char* kInitialState = "initial_state";

// Steps in front of the batch become batch in front of the steps, and the other way round.
Tensor turned(const Tensor& x, bool time_major) { return time_major && x.defined() ? ops::swapaxes(x, 0, 1) : x; }
Shape turned(Shape shape, bool time_major) {
  if (time_major && shape.rank() >= 2) std::swap(shape[0], shape[1]);
  return shape;
}

// What steps have left in a context.
struct Left {
  explicit Left(const Context& ctx)
      : losses(ctx.losses().size()),
        metrics(ctx.metrics().size()),
        assigned(ctx.assigned().size()),
        calls(ctx.layer_calls().size()) {
    for (const auto& [variable, value] : ctx.updates()) updates.push_back(value.node_ptr());
  }
  bool operator==(const Left&) const = default;
  std::size_t losses, metrics, assigned, calls;
  std::vector<std::shared_ptr<const graph::Node>> updates;
};

// What a step gives, from one that is described apart, if steps may run as a loop. They may not if one leaves something
// in the context (a loss, a random state that moves on): it would be of no step, or of all.
std::optional<Spec> output_in_a_loop(Cell& cell, const Shape& input, const Tensor& sequence, const Tensors& states,
                                     Context apart) {
  const CellSteps steps = cell.begin(input, apart);
  const Left before(apart);
  Tensors given;
  for (const Tensor& state : states) given.push_back(graph::parameter(0, state.spec()));
  const Tensor x = graph::parameter(0, {sequence.dtype(), sequence.shape().drop_front()});
  const Tensor output = steps.step(x, given).output;
  return Left(apart) == before ? std::optional<Spec>(output.spec()) : std::nullopt;
}

bool same_or_unknown(std::int64_t a, std::int64_t b) { return a == b || a == kUnknown || b == kUnknown; }

}  // namespace

void Recurrent::set_cell(Shared<Cell> cell) {
  cell_ = std::move(cell);
  if (cell_->name().empty()) cell_->set_automatic_name(utils::to_snake_case(cell_->class_name()), false);
  add_layer(cell_, "cell");
}

Shape Recurrent::step_of(const Shape& sequence) const {
  const Shape shape = turned(sequence, arguments_.time_major);
  return shape.drop_front(2).prepend(shape.front());
}

void Recurrent::require_states(const Shape& input, const Shapes& states) const {
  if (!states.empty()) cell_->require_states(who() + "initial_state: ", step_of(input), states);
}

// The states that Keras 2 has behind the input get the name by which Keras 3 takes them.
void Recurrent::prepare_use(Use& use) const {
  for (std::size_t i = 1; i < use.inputs.size(); ++i)
    use.named.insert(use.named.begin() + static_cast<std::ptrdiff_t>(i - 1), {kInitialState, use.inputs[i]});
  use.inputs.resize(1);
  use.as_list = false;
  const Shape& input = use.inputs[0].shape();
  require<ShapeError>(input.rank() >= 3, who(), "expected an input (batch, steps, features), got shape ", input);
  Shapes states;
  for (const auto& [name, tensor] : use.named) {
    require<ValueError>(name == kInitialState || name == "mask", who(),
                        "takes tensors by the names 'initial_state' and 'mask', got '", name, "'");
    if (name == kInitialState) states.push_back(tensor.shape());
    if (name != "mask") continue;
    const Shape& mask = tensor.shape();
    const auto fits = [&](int axis) { return mask[axis] == 1 || same_or_unknown(mask[axis], input[axis]); };
    require<ShapeError>(tensor.dtype() == graph::bool_ && mask.rank() == 2 && fits(0) && fits(1), who(),
                        "expected a mask of dtype bool and shape ", Shape{input[0], input[1]}, ", got ",
                        graph::name_of(tensor.dtype()), mask);
  }
  require_states(input, states);
}

void Recurrent::build_all(const Shapes& inputs) {
  const Shape& input = inputs.at(0);
  require<ShapeError>(input.rank() >= 3, who(), "expected an input (batch, steps, features), got shape ", input);
  require<ValueError>(!arguments_.unroll || turned(input, arguments_.time_major)[1] != kUnknown, who(),
                      "unroll = true needs a known number of steps, got shape ", input);
  const Shape step = step_of(input);
  require<ValueError>(!arguments_.stateful || step.front() != kUnknown, who(),
                      "stateful = true needs the batch's size: give the Input a batch_size, got shape ", input);
  cell_->ensure_built_for({{compute_dtype(), step}});
  if (!arguments_.stateful) return;
  const std::string prefix = (name().empty() ? utils::to_snake_case(class_name()) : name()) + "/rnn_state";
  for (const Shape& shape : cell_->state_shapes(step))
    states_.emplace_back(graph::zeros(shape, variable_dtype()), prefix, false);
}

Tensors Recurrent::given_states(const Inputs& inputs) {
  Tensors states(inputs.begin() + 1, inputs.end());
  for (const auto& [name, tensor] : inputs.all_named())
    if (name == kInitialState) states.push_back(tensor);
  return states;
}

Tensors Recurrent::first_states(const Inputs& inputs, const Shape& step) const {
  Tensors states = given_states(inputs);
  Shapes shapes;
  for (const Tensor& state : states) shapes.push_back(state.shape());
  require_states(inputs[0].shape(), shapes);
  if (!states.empty()) return states;
  if (!arguments_.stateful) return cell_->initial_states(step, compute_dtype());
  for (const Variable& variable : states_) {
    require<ShapeError>(variable.shape().front() == step.front(), who(), "stateful = true: expected batches of ",
                        variable.shape().front(), " samples, got ", step.front());
    states.emplace_back(variable);
  }
  return states;
}

Tensors Recurrent::call_all(const Inputs& inputs, Context& ctx) {
  const Shape& shape = inputs[0].shape();
  require<ShapeError>(shape.rank() >= 3, who(), "expected an input (batch, steps, features), got shape ", shape);
  const Shape step = step_of(shape);
  Tensor x = turned(inputs[0], !arguments_.time_major);
  Tensors states = first_states(inputs, step);
  Tensor mask = ctx.mask(inputs[0]);
  if (mask.defined() && mask.ndim() == 1)  // of whole samples
    mask = ops::broadcast_to(ops::expand_dims(mask, 1), {shape[0], shape[1]});
  require<ShapeError>(!mask.defined() || mask.ndim() == 2, who(), "expected a mask (batch, steps), got shape ",
                      mask.defined() ? mask.shape() : Shape());
  internal::StepsConfig config{.go_backwards = arguments_.go_backwards,
                               .return_all_outputs = arguments_.return_sequences,
                               .zero_output_for_mask = arguments_.zero_output_for_mask,
                               .mask = turned(mask, !arguments_.time_major)};
  x = ops::cast_floating(x, cell_->compute_dtype());
  for (Tensor& state : states) state = ops::cast_floating(state, cell_->compute_dtype());
  internal::StepsResult result;
  cell_->within_call(ctx, [&] {
    const Context before = ctx;
    const CellSteps steps = cell_->begin(step, ctx);
    const Tensor sequence = steps.prepare ? steps.prepare(x) : x;
    if (!arguments_.unroll) config.loop = output_in_a_loop(*cell_, step, sequence, states, before);
    result = internal::run_steps(steps.step, sequence, states, config);
  });
  Tensors y{std::move(result.output)};
  y.insert(y.end(), result.states.begin(), result.states.end());
  for (Tensor& tensor : y) tensor = ops::cast_floating(tensor, compute_dtype());
  for (std::size_t i = 0; i < states_.size(); ++i) ctx.update(states_[i], y[i + 1]);
  if (arguments_.return_sequences) y[0] = turned(y[0], !arguments_.time_major);
  if (!arguments_.return_state) y.resize(1);
  return y;
}

Tensor Recurrent::compute_mask_all(const Inputs&, const Tensors& masks) const {
  return arguments_.return_sequences && !masks.empty() ? masks[0] : Tensor();
}

void Recurrent::state(StateVisitor& v) {
  Layer::state(v);
  for (std::size_t i = 0; i < states_.size(); ++i)
    v(i == 0 ? std::string("rnn_state") : graph::message("rnn_state_", i), states_[i]);
}

std::vector<Array> Recurrent::states() const {
  std::vector<Array> values;
  for (const Variable& variable : state_variables()) values.push_back(variable.value());
  return values;
}

void Recurrent::reset_state(const std::vector<Array>& values) {
  require<ValueError>(arguments_.stateful, who(), "reset_state needs a layer with stateful = true");
  std::vector<Variable> variables = state_variables();
  if (variables.empty() && values.empty()) return;
  require<ValueError>(values.empty() || values.size() == variables.size(), who(), "reset_state: expected ",
                      variables.size(), " states, got ", values.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    require<ShapeError>(values[i].shape() == variables[i].shape(), who(), "reset_state: expected state ", i,
                        " of shape ", variables[i].shape(), ", got ", values[i].shape());
  for (std::size_t i = 0; i < variables.size(); ++i)
    variables[i].assign(values.empty() ? graph::zeros(variables[i].shape(), variables[i].dtype())
                                       : values[i].astype(variables[i].dtype()));
}

void reset_states(Layer& layer) {
  auto* recurrent = dynamic_cast<Recurrent*>(&layer);
  if (recurrent != nullptr && recurrent->arguments().stateful) return recurrent->reset_state();
  for (const auto& part : layer.sublayers()) reset_states(*part.layer);
}

}  // namespace cornu::keras::layers
