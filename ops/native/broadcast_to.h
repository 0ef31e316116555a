#pragma once

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

/// x repeated along axes of length 1 (and new leading ones) up to `shape`. Any dtype. Throws ShapeError if it does not
/// fit.
Tensor broadcast_to(const Tensor& x, const graph::Shape& shape);
Tensor zeros_like(const Tensor& x);
Tensor ones_like(const Tensor& x);
/// A tensor full of one value.
Tensor full(const graph::Shape& shape, double value, graph::DType dtype = graph::float32);

}  // namespace cornu::ops
