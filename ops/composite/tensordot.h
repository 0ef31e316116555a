#pragma once

#include <vector>

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

// Products of tensors by NumPy's and keras.ops' names and arguments. Float32 or bfloat16, both operands alike; outer
// also int32 and int64. Throw ShapeError for lengths that differ along the axes that are summed.

/// The sums of products along the last `axes` axes of a and the first ones of b, or along pairs of axes: the other axes
/// of a, then those of b.
Tensor tensordot(const Tensor& a, const Tensor& b, int axes = 2);
Tensor tensordot(const Tensor& a, const Tensor& b, const std::vector<int>& axes_a, const std::vector<int>& axes_b);
/// Along the last axis of a and the last but one of b, the only one of a vector; the product with a scalar.
Tensor dot(const Tensor& a, const Tensor& b);
/// Along the last axes of both; the product with a scalar.
Tensor inner(const Tensor& a, const Tensor& b);
/// Of the flattened tensors: a scalar.
Tensor vdot(const Tensor& a, const Tensor& b);
/// Each element of a, flattened, times each of b: (elements of a, elements of b).
Tensor outer(const Tensor& a, const Tensor& b);

}  // namespace cornu::ops
