#pragma once

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

/// The same elements in another shape; one length may be -1. Costs nothing at run time. Throws ShapeError if the number
/// of elements differs.
Tensor reshape(const Tensor& x, const graph::Shape& shape);
/// An axis of length 1 put in before `axis`.
Tensor expand_dims(const Tensor& x, int axis);
/// An axis of length 1 taken away.
Tensor squeeze(const Tensor& x, int axis);

}  // namespace cornu::ops
