#include "cornu/keras/layers/rnn/internal/run_steps.h"

#include <utility>

#include "cornu/graph/check.h"
#include "cornu/keras/layers/internal/probe.h"
#include "cornu/ops/composite/stack.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/native/slice.h"

namespace cornu::keras::layers::internal {
namespace {

using graph::require;

Tensor at(const Tensor& sequence, std::int64_t step) {
  return ops::squeeze(ops::slice(sequence, 1, step, step + 1), 1);
}

// `now` where the mask (batch,) holds, `before` elsewhere.
Tensor where_valid(const Tensor& mask, const Tensor& now, const Tensor& before) {
  Shape shape = mask.shape();
  while (shape.rank() < now.ndim()) shape = shape.append(1);
  return ops::where(ops::reshape(mask, shape), now, before);
}

void require_like(const Tensors& states, const Tensors& before) {
  require<ValueError>(states.size() == before.size(), "a step gave ", states.size(), " states, expected ",
                      before.size());
  for (std::size_t i = 0; i < states.size(); ++i)
    require<ShapeError>(states[i].spec() == before[i].spec(), "a step gave state ", i, " as ", states[i],
                        ", expected ", before[i]);
}

}  // namespace

StepsResult run_steps(const StepFunction& step, const Tensor& sequence, const Tensors& initial_states,
                      const StepsConfig& config) {
  const std::int64_t length = sequence.shape()[1];
  require<ShapeError>(length >= 1, "expected at least one step, got an input of shape ", sequence.shape());
  const bool only_shapes = Probe::is_active();
  Tensors states = initial_states, all;
  Tensor output;
  for (std::int64_t i = 0; i < (only_shapes ? 1 : length); ++i) {
    const std::int64_t t = config.go_backwards ? length - 1 - i : i;
    CellOutput now = step(at(sequence, t), states);
    require_like(now.states, states);
    if (config.mask.defined()) {
      const Tensor valid = at(config.mask, t);
      const bool zero = config.zero_output_for_mask || !output.defined();
      now.output = where_valid(valid, now.output, zero ? ops::zeros_like(now.output) : output);
      for (std::size_t s = 0; s < states.size(); ++s)
        now.states[s] = where_valid(valid, now.states[s], states[s]);
    }
    output = std::move(now.output), states = std::move(now.states);
    if (config.return_all_outputs) all.push_back(output);
  }
  if (!config.return_all_outputs) return {output, states};
  if (!only_shapes) return {ops::stack(all, 1), states};
  const Shape one = output.shape();
  Shape shape{one.front(), length};
  for (int axis = 1; axis < one.rank(); ++axis) shape = shape.append(one[axis]);
  return {ops::broadcast_to(ops::expand_dims(output, 1), shape), states};
}

}  // namespace cornu::keras::layers::internal
