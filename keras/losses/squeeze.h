#pragma once

#include <utility>

#include "cornu/graph/tensor.h"

namespace cornu::keras::losses {

/// Keras' rule for two tensors whose ranks differ by one where the longer one's last axis has length 1: that axis is
/// taken away, but for a shorter one of rank 1, which gets such an axis instead. All others stay as they are.
std::pair<graph::Tensor, graph::Tensor> squeeze_or_expand_to_same_rank(const graph::Tensor& a, const graph::Tensor& b);

}  // namespace cornu::keras::losses
