#pragma once

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

/// Float32 (…, classes) from integer or float labels (…): 1 at the label, all 0 for a label out of range. No gradient.
/// Keras: `ops.one_hot`.
Tensor one_hot(const Tensor& labels, std::int64_t classes);

}  // namespace cornu::ops
