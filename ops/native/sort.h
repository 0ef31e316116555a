#pragma once

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

// Of any dtype. NaN counts as the largest number, as in NumPy; equal elements keep their order. Names and arguments as
// in keras.ops.

/// Indices (int32) that sort x along an axis, ascending. No gradient.
Tensor argsort(const Tensor& x, int axis = -1);
/// x sorted ascending along an axis; differentiable (take_along_axis of argsort).
Tensor sort(const Tensor& x, int axis = -1);
/// The k largest elements along the last axis, the largest first, and their indices (int32). Throws ValueError unless k
/// is from 0 to the length of the axis. They come sorted also if `sorted` is false.
Tensors top_k(const Tensor& x, std::int64_t k, bool sorted = true);

}  // namespace cornu::ops
