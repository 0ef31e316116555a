#pragma once

#include <vector>

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

/// Axes permuted, or reversed without an argument. Any dtype. Keras: `ops.transpose`.
Tensor transpose(const Tensor& x, std::vector<int> axes = {});

}  // namespace cornu::ops
