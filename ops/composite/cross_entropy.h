#pragma once

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

// Crossentropies along the last axis as keras.ops has them: probabilities are clipped to [1e-7, 1 - 1e-7]; a prediction
// that is itself the output of a softmax (sigmoid) is taken back to its logits, as Keras does on TensorFlow.

/// (…, n), (…, n) -> (…). Probabilities are first divided by their sum.
Tensor categorical_crossentropy(const Tensor& target, const Tensor& output, bool from_logits = false, int axis = -1);
/// Labels (…) or (…, 1), predictions (…, n) -> (…).
Tensor sparse_categorical_crossentropy(const Tensor& labels, const Tensor& output, bool from_logits = false);
/// Elementwise, same shapes.
Tensor binary_crossentropy(const Tensor& target, const Tensor& output, bool from_logits = false);

}  // namespace cornu::ops
