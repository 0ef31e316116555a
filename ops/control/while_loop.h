#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

/// A loop of as many steps as it takes: while `cond` gives true, and at most `maximum_iterations` times, `body` gives
/// the next values of the variables. Gives their last ones.
///
///     // The first power of 2 that is not less than n.
///     const Tensor p = ops::while_loop([&](const Tensors& x) { return ops::less(x[0], n); },
///                                      [](const Tensors& x) -> Tensors { return {x[0] * 2}; }, {one})[0];
///
/// Both functions are described once and may read tensors and variables from outside. The loop runs on one thread. Its
/// gradient needs `maximum_iterations`, as it computes and keeps that many steps, of which those after the last one
/// change nothing; without, asking for it throws ValueError. Keras: `ops.while_loop`. Throws ShapeError if body gives
/// another number of variables or one of another shape or dtype, TypeError if cond does not give one bool, ValueError
/// for an undefined tensor and a negative number of iterations.
Tensors while_loop(const std::function<Tensor(const Tensors& loop_vars)>& cond,
                   const std::function<Tensors(const Tensors& loop_vars)>& body, const Tensors& loop_vars,
                   std::optional<std::int64_t> maximum_iterations = std::nullopt);

}  // namespace cornu::ops
