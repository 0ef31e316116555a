#pragma once

#include <vector>

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

/// The same elements in another shape; one length may be -1. Costs nothing at run time. Throws ShapeError if the number
/// of elements differs.
Tensor reshape(const Tensor& x, const graph::Shape& shape);
/// An axis of length 1 put in, so that it is number `axis` of the result; or several. Throws ShapeError for axes that
/// the result does not have. Keras: `ops.expand_dims`.
Tensor expand_dims(const Tensor& x, int axis);
Tensor expand_dims(const Tensor& x, const std::vector<int>& axes);
/// An axis of length 1 taken away, or several, or all. Throws ShapeError for another length. Keras: `ops.squeeze`.
Tensor squeeze(const Tensor& x);
Tensor squeeze(const Tensor& x, int axis);
Tensor squeeze(const Tensor& x, const std::vector<int>& axes);

}  // namespace cornu::ops
