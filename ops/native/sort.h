#pragma once

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

/// Indices (int32) that sort x along an axis, ascending and stable. No gradient. Keras: `ops.argsort`.
Tensor argsort(const Tensor& x, int axis = -1);
/// x sorted ascending along an axis; differentiable (take_along_axis of argsort).
Tensor sort(const Tensor& x, int axis = -1);
/// Running sums along an axis; `reverse` from the end. Keras: `ops.cumsum`.
Tensor cumsum(const Tensor& x, int axis = -1, bool reverse = false);

}  // namespace cornu::ops
