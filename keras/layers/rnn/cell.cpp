#include "cornu/keras/layers/rnn/cell.h"

#include <utility>

#include "cornu/graph/check.h"
#include "cornu/graph/op.h"
#include "cornu/graph/read_scope.h"
#include "cornu/keras/layers/internal/naming_errors.h"
#include "cornu/keras/utils/internal/to_snake_case.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cast.h"

namespace cornu::keras::layers {

using graph::require;

namespace {

bool fits(const Shape& given, const Shape& wanted) {
  bool same = given.rank() == wanted.rank();
  for (int axis = 0; same && axis < given.rank(); ++axis)
    same = given[axis] == wanted[axis] || given[axis] == kUnknown || wanted[axis] == kUnknown;
  return same;
}

Shapes shapes_of(const Tensors& tensors) {
  Shapes shapes;
  for (const Tensor& tensor : tensors) shapes.push_back(tensor.shape());
  return shapes;
}

}  // namespace

std::vector<int> Cell::state_size() const {
  throw ValueError(who() + "a cell needs to override `state_size` or `state_shapes`");
}

Shapes Cell::state_shapes(const Shape& input) const {
  Shapes shapes;
  for (const int size : state_size()) shapes.push_back({input.front(), size});
  return shapes;
}

Tensors Cell::initial_states(const Shape& input, DType dtype) const {
  Tensors states;
  for (const Shape& shape : state_shapes(input)) states.push_back(ops::full(shape, 0, dtype));
  return states;
}

CellOutput Cell::step(const Tensor&, const Tensors&, Context&) {
  throw ValueError(who() + "a cell needs to override `step` or `begin`");
}

CellSteps Cell::begin(const Shape&, Context& ctx) {
  return {{}, [this, &ctx](const Tensor& x, const Tensors& states) { return step(x, states, ctx); }};
}

Tensors Cell::call_all(const Inputs& inputs, Context& ctx) {
  require<ValueError>(inputs.size() >= 1, who(), "expected an input and states, got nothing");
  const Tensors states(inputs.begin() + 1, inputs.end());
  require_states(who(), inputs[0].shape(), shapes_of(states));
  const CellSteps steps = begin(inputs[0].shape(), ctx);
  CellOutput y = steps.step(steps.prepare ? steps.prepare(inputs[0]) : inputs[0], states);
  Tensors outputs{std::move(y.output)};
  outputs.insert(outputs.end(), y.states.begin(), y.states.end());
  return outputs;
}

void Cell::prepare_use(Use& use) const {
  Shapes states;
  for (std::size_t i = 1; i < use.inputs.size(); ++i) states.push_back(use.inputs[i].shape());
  require_states(who(), use.inputs[0].shape(), states);
}

// A cell that was built by itself is asked for its outputs together with its states.
Specs Cell::compute_output_specs(const Specs& inputs) {
  if (inputs.size() != 1) return Layer::compute_output_specs(inputs);
  Specs all = inputs;
  for (const Shape& state : state_shapes(inputs[0].shape)) all.push_back({compute_dtype(), state});
  return Layer::compute_output_specs(all);
}

void Cell::require_states(const std::string& whose, const Shape& input, const Shapes& states) const {
  const Shapes wanted = state_shapes(input);
  require<ValueError>(states.size() == wanted.size(), whose, "expected ", wanted.size(),
                      wanted.size() == 1 ? " state" : " states", ", got ", states.size());
  for (std::size_t i = 0; i < states.size(); ++i)
    require<ShapeError>(fits(states[i], wanted[i]), whose, "expected state ", i, " of shape ", wanted[i], ", got ",
                        states[i]);
}

void Cell::within_call(Context& ctx, const std::function<void()>& part) const {
  const graph::NameScope names(name().empty() ? utils::to_snake_case(class_name()) : name());
  internal::naming_errors(who(), [&] {
    const graph::ReadScope weights(
        [dtype = compute_dtype(), &ctx](const Tensor& read) { return ops::cast_floating(ctx.latest(read), dtype); });
    part();
  });
  if (!ctx.trainable(*this)) return;
  for (const auto& [variable, regularizer, constraint] : own_weights())
    if (regularizer && variable.trainable() && ctx.first_penalty(variable))
      ctx.add_loss((*regularizer)(ops::cast(variable, graph::float32)));
}

}  // namespace cornu::keras::layers
