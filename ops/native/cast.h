#pragma once

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

/// Elements converted to another dtype (any to any; float to integer truncates). The gradient passes between floating
/// dtypes.
Tensor cast(const Tensor& x, graph::DType dtype);
/// Floating elements converted; tensors of other dtypes as they are.
Tensor cast_floating(const Tensor& x, graph::DType dtype);
/// The same numbers, through which no gradient flows.
Tensor stop_gradient(const Tensor& x);
/// Whether a tensor is what `stop_gradient` gave.
bool stops_gradient(const Tensor& x);

}  // namespace cornu::ops
