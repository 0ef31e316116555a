#pragma once

#include "cornu/graph/tensor.h"

namespace cornu::keras::metrics {

/// 1 where less than k predictions are greater than the label's, else 0: labels (…) of any dtype, predictions (…, n) ->
/// (…) float32. 0 for a label out of range and in a row in which
/// a prediction is no finite number. Keras: `ops.in_top_k`.
graph::Tensor in_top_k(const graph::Tensor& labels, const graph::Tensor& predictions, int k);

}  // namespace cornu::keras::metrics
