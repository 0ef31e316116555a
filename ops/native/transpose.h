#pragma once

#include <vector>

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

/// Axes permuted, or reversed without an argument. Any dtype. Keras: `ops.transpose`.
Tensor transpose(const Tensor& x, std::vector<int> axes = {});
/// One axis moved to another place, the others in their order. Negative axes count from the end. Throws ShapeError for
/// axes that there are not. Any dtype. Keras: `ops.moveaxis`.
Tensor moveaxis(const Tensor& x, int source, int destination);

}  // namespace cornu::ops
