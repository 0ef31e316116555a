#pragma once

#include "cornu/graph/array/array_reduction.h"
#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

using graph::KeepDims;
using graph::keepdims;

/// Index of the largest / smallest element along an axis, or without one of all in one dimension, the first of equals:
/// int32. Any dtype. NaN is passed over, and is found
/// only where there is nothing else; -0 is less than 0. No gradient. Keras: `ops.argmax`.
Tensor argmax(const Tensor& x);
Tensor argmax(const Tensor& x, int axis, KeepDims keep = KeepDims::no);
Tensor argmin(const Tensor& x);
Tensor argmin(const Tensor& x, int axis, KeepDims keep = KeepDims::no);

}  // namespace cornu::ops
