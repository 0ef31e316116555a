#include "cornu/keras/layers/rnn/internal/run_steps.h"

#include <utility>

#include "cornu/graph/check.h"
#include "cornu/keras/layers/internal/probe.h"
#include "cornu/ops/composite/rearrange.h"
#include "cornu/ops/composite/stack.h"
#include "cornu/ops/control/scan.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/native/slice.h"

namespace cornu::keras::layers::internal {
namespace {

using graph::require;

Tensor at(const Tensor& sequence, std::int64_t step) {
  return ops::squeeze(ops::slice(sequence, 0, step, step + 1), 0);
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
    require<ShapeError>(states[i].spec() == before[i].spec(), "a step gave state ", i, " as ", states[i], ", expected ",
                        before[i]);
}

// A step with its mask (batch,): what is masked keeps its states, and gives zeros or the output before.
CellOutput masked(CellOutput now, const Tensors& states, const Tensor& output_before, const Tensor& valid) {
  now.output = where_valid(valid, now.output, output_before.defined() ? output_before : ops::zeros_like(now.output));
  for (std::size_t i = 0; i < states.size(); ++i) now.states[i] = where_valid(valid, now.states[i], states[i]);
  return now;
}

// In a loop of the graph. The output is handed on where one is needed that is not kept.
StepsResult in_a_loop(const StepFunction& step, const Tensor& sequence, Tensors carry, const StepsConfig& config) {
  const std::size_t states = carry.size();
  const bool masks = config.mask.defined(), keeps_output = masks && !config.zero_output_for_mask,
             hands_on = keeps_output || !config.return_all_outputs;
  if (hands_on) carry.push_back(ops::full(config.loop->shape, 0, config.loop->dtype));
  Tensors xs{sequence};
  if (masks) xs.push_back(config.mask);
  ops::ScanResult made = ops::scan(
      [&](const Tensors& given, const Tensors& x) -> ops::StepResult {
        const Tensors before(given.begin(), given.begin() + static_cast<std::ptrdiff_t>(states));
        CellOutput now = step(x[0], before);
        require_like(now.states, before);
        if (masks) now = masked(std::move(now), before, keeps_output ? given.back() : Tensor(), x[1]);
        Tensors next = std::move(now.states);
        if (hands_on) next.push_back(now.output);
        return {std::move(next), config.return_all_outputs ? Tensors{now.output} : Tensors{}};
      },
      carry, xs, {.reverse = config.go_backwards});
  Tensor output = config.return_all_outputs ? made.ys[0] : made.carry.back();
  if (config.return_all_outputs && config.go_backwards) output = ops::flip(output, 0);
  made.carry.resize(states);
  return {std::move(output), std::move(made.carry)};
}

}  // namespace

StepsResult run_steps(const StepFunction& step, const Tensor& sequence, const Tensors& initial_states,
                      const StepsConfig& config) {
  const std::int64_t length = sequence.shape()[0];
  require<ShapeError>(length >= 1, "expected at least one step, got steps of shape ", sequence.shape());
  const bool only_shapes = Probe::is_active();
  if (config.loop && length > 1 && !only_shapes) return in_a_loop(step, sequence, initial_states, config);
  Tensors states = initial_states, all;
  Tensor output;
  for (std::int64_t i = 0; i < (only_shapes ? 1 : length); ++i) {
    const std::int64_t t = config.go_backwards ? length - 1 - i : i;
    CellOutput now = step(at(sequence, t), states);
    require_like(now.states, states);
    if (config.mask.defined())
      now = masked(std::move(now), states, config.zero_output_for_mask ? Tensor() : output, at(config.mask, t));
    output = std::move(now.output), states = std::move(now.states);
    if (config.return_all_outputs) all.push_back(output);
  }
  if (!config.return_all_outputs) return {output, states};
  if (!only_shapes) return {ops::stack(all, 0), states};
  return {ops::broadcast_to(ops::expand_dims(output, 0), output.shape().prepend(length)), states};
}

}  // namespace cornu::keras::layers::internal
