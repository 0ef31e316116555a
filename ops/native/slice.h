#pragma once

#include <vector>

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

/// [start, stop) of one axis. Any dtype; its gradient is `pad`. Throws ShapeError out of bounds.
Tensor slice(const Tensor& x, int axis, std::int64_t start, std::int64_t stop);
/// n equal parts along one axis. Keras: `ops.split`.
Tensors split(const Tensor& x, int n, int axis);
/// Zeros put before and after along one axis.
Tensor pad(const Tensor& x, int axis, std::int64_t before, std::int64_t after);
/// Tensors one after another along an axis. Throws ShapeError if the other axes differ. Keras: `ops.concatenate`.
Tensor concatenate(const Tensors& xs, int axis = -1);

}  // namespace cornu::ops
