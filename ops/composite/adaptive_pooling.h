#pragma once

#include "cornu/graph/tensor.h"
#include "cornu/ops/per_axis.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

/// Pools each spatial axis to a given number of windows, whatever its length: x (batch, …, channels) -> (batch,
/// output_size…, channels), for one to three spatial axes. Window i of m over n numbers reaches from floor(i n / m) to
/// ceil((i + 1) n / m), so that neighbours overlap where m does not divide n. The largest number of each window; the
/// gradient goes to the first of equal ones. Float32. Throws ShapeError for other ranks and for axes without numbers,
/// ValueError for sizes below 1. Keras: `ops.adaptive_max_pool`.
///
///     Tensor y = ops::adaptive_max_pool(images, 7);  // (batch, 7, 7, channels)
Tensor adaptive_max_pool(const Tensor& x, const PerAxis& output_size);
/// The mean of each window; else as adaptive_max_pool. Keras: `ops.adaptive_average_pool`.
Tensor adaptive_average_pool(const Tensor& x, const PerAxis& output_size);

}  // namespace cornu::ops
