#pragma once

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

/// A bin from 0 to num_bins - 1 for each combination of numbers that stand at one place of several integer tensors of
/// one shape: int64 of that shape. Equal combinations have equal bins, others by chance. The order of the tensors
/// matters. No gradient. Throws ValueError for no tensor and for num_bins below 1, ShapeError for different shapes,
/// TypeError for other dtypes. TensorFlow: `sparse.cross_hashed`, with its bins.
Tensor cross_hashed(const Tensors& xs, std::int64_t num_bins);

}  // namespace cornu::ops
