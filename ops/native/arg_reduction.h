#pragma once

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

/// Index of the largest / smallest element along an axis, the first of equals: int32. NaN is passed over, and is found
/// only where there is nothing else; -0 is less than 0. No gradient. Keras: `ops.argmax`.
Tensor argmax(const Tensor& x, int axis = -1);
Tensor argmin(const Tensor& x, int axis = -1);

}  // namespace cornu::ops
