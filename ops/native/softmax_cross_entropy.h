#pragma once

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

/// -sum_i target_i log_softmax(logits)_i along the last axis, fused and without overflow: (…, n), (…, n) -> (…). The
/// gradient by logits is (softmax(logits) sum(target) - target) dy; by target it is -log_softmax(logits) dy.
Tensor softmax_cross_entropy(const Tensor& logits, const Tensor& target);
/// The same with class numbers (…) of any integer or float dtype; a label out of range gives NaN.
Tensor sparse_softmax_cross_entropy(const Tensor& logits, const Tensor& labels);

}  // namespace cornu::ops
