#pragma once

#include <functional>

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

/// What f gives for one element after the other of each of `xs` along axis 0, along a new axis 0: a loop in which no
/// step needs another. Where f has a form for many elements at once, that is faster.
///
///     const Tensor inverses = ops::map([](const Tensors& x) -> Tensors { return {1 / x[0]}; }, {rows})[0];
///
/// Keras: `ops.map`. Throws as `scan` does (ops/control/scan.h).
Tensors map(const std::function<Tensors(const Tensors& x)>& f, const Tensors& xs);

}  // namespace cornu::ops
