#pragma once

#include <cstdint>
#include <functional>

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

/// How many steps are computed in one turn of a loop: `unroll = 4`; `unroll = true`: all, without a loop.
class Unroll {
 public:
  Unroll(bool all = false) : steps_(all ? 0 : 1) {}  // NOLINT: converts
  Unroll(int steps) : steps_(steps) {}               // NOLINT: converts
  bool all() const { return steps_ == 0; }
  int steps() const { return steps_; }

 private:
  int steps_;
};

struct ScanConfig {
  std::int64_t length = -1;  ///< number of steps; needed where there are no `xs`
  bool reverse = false;      ///< the last elements come first; what a step gives stays at its place
  Unroll unroll = false;
};

/// What a step of a loop gives: the carries for the next step, and what is kept of this one.
struct StepResult {
  Tensors carry, y;
};
/// A step: the carries, and an element of each sequence.
using StepFunction = std::function<StepResult(const Tensors& carry, const Tensors& x)>;

/// What a loop gives: the carries after the last step, and the steps' `y`, each along a new axis 0.
struct ScanResult {
  Tensors carry, ys;
};

/// A loop: f is called with the carries, at first `init`, and with one element after the other of each of `xs` along
/// axis 0. It is described once, whatever the number of steps; memory and time of planning do not grow with that.
///
///     // Running sums of the rows of x.
///     auto [last, sums] = ops::scan([](const Tensors& carry, const Tensors& row) -> ops::StepResult {
///       const Tensor total = carry[0] + row[0];
///       return {{total}, {total}};
///     }, {ops::full({3}, 0)}, {x});
///
/// f may read tensors and variables from outside, which are the same in each step. What it computes of those alone is
/// computed once, before the loop. Random numbers need a state that moves on: a carry. The loop has a gradient, by its
/// inputs and by what f reads, of any order.
///
/// f is called once, or once for each step if that is asked for by `unroll`. Keras: `ops.scan`. Throws ShapeError if f
/// gives a carry of another shape or dtype, or `xs` have different lengths; ValueError for an undefined tensor, a
/// length that does not fit, no length at all, `unroll` < 1.
ScanResult scan(const StepFunction& f, const Tensors& init, const Tensors& xs, const ScanConfig& config = {});

}  // namespace cornu::ops
