#pragma once

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

/// Sub-arrays of x along `axis` by integer indices of any shape; negative ones count from the end, out of range ones give NaN.
/// The gradient adds up repeated indices (`scatter_add`). Keras: `ops.take`.
Tensor take(const Tensor& x, const Tensor& indices, int axis = 0);
/// zeros(shape) with updates added at the indices of `axis`: the gradient of take, itself differentiable.
Tensor scatter_add(const Tensor& indices, const Tensor& updates, const graph::Shape& shape, int axis = 0);
/// As NumPy's take_along_axis: the shapes agree but for `axis`.
Tensor take_along_axis(const Tensor& x, const Tensor& indices, int axis);

}  // namespace cornu::ops
