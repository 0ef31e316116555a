#pragma once

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;

/// Whether the class number of each row, (n,) or any shape (…), is among the k largest predictions (…, classes): bool.
/// As in TensorFlow what is as large as the k-th counts too, and it is false if the class is out of range or a
/// prediction is infinite or NaN. Keras: `ops.in_top_k`.
Tensor in_top_k(const Tensor& targets, const Tensor& predictions, std::int64_t k);

}  // namespace cornu::ops
