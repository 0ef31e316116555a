#pragma once

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

/// Sub-arrays of x along `axis` by integer indices of any shape; negative ones count from the end, out of range ones
/// give NaN (the smallest number of a signed integer dtype, the largest of an unsigned one). The gradient adds up
/// repeated indices (`scatter_add`). Keras: `ops.take`.
Tensor take(const Tensor& x, const Tensor& indices, int axis = 0);
/// zeros(shape) with updates added at the indices of `axis`, out of range ones left out: the gradient of take, itself
/// differentiable. Float32, int32, int64.
Tensor scatter_add(const Tensor& indices, const Tensor& updates, const graph::Shape& shape, int axis = 0);
/// As NumPy's take_along_axis: the shapes broadcast but for `axis`. Indices as in `take`. Keras: `ops.take_along_axis`.
Tensor take_along_axis(const Tensor& x, const Tensor& indices, int axis);
/// Zeros with `length` elements along `axis`, to which updates are added where the indices, of the same shape, say: the
/// gradient of take_along_axis. Float32, int32, int64.
Tensor scatter_along_axis(const Tensor& indices, const Tensor& updates, std::int64_t length, int axis);
/// For each number from 0 to `length` the place of its last occurrence in a vector of indices, -1 where there is none:
/// int32 (length,). Indices as in `take`, those out of range are left out. No gradient.
Tensor last_occurrence(const Tensor& indices, std::int64_t length);

}  // namespace cornu::ops
