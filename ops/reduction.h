#pragma once

#include <vector>

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

using graph::KeepDims;
using graph::keepdims;

// Over all axes, over one, or over several; axes count from the end if negative. Float32. Gradients of max and min are
// shared among equal elements, as in Keras on TensorFlow.
Tensor sum(const Tensor& x);
Tensor sum(const Tensor& x, int axis, KeepDims keep = KeepDims::no);
Tensor sum(const Tensor& x, const std::vector<int>& axes, KeepDims keep = KeepDims::no);
Tensor mean(const Tensor& x);
Tensor mean(const Tensor& x, int axis, KeepDims keep = KeepDims::no);
Tensor mean(const Tensor& x, const std::vector<int>& axes, KeepDims keep = KeepDims::no);
Tensor max(const Tensor& x);
Tensor max(const Tensor& x, int axis, KeepDims keep = KeepDims::no);
Tensor max(const Tensor& x, const std::vector<int>& axes, KeepDims keep = KeepDims::no);
Tensor min(const Tensor& x);
Tensor min(const Tensor& x, int axis, KeepDims keep = KeepDims::no);
Tensor min(const Tensor& x, const std::vector<int>& axes, KeepDims keep = KeepDims::no);

/// Sums x over the axes along which `shape` was broadcast to x's shape: the gradient of broadcasting.
Tensor sum_to(const Tensor& x, const graph::Shape& shape);

}  // namespace cornu::ops
