#pragma once

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

/// a where the condition (bool) holds, b elsewhere; the three broadcast. Keras: `ops.where`.
Tensor where(const Tensor& condition, const Tensor& a, const Tensor& b);

}  // namespace cornu::ops
