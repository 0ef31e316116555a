#pragma once

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;

/// Connectionist temporal classification: minus the logarithm of the probability that a sequence of outputs, one class
/// or the blank at each step, reads as the target when repeated classes are merged and blanks left out.
///
/// `target` (batch, labels) holds class numbers, of which the first `target_length` (batch,) count; `output` (batch,
/// steps, classes) holds logits, of which the first `output_length` (batch,) steps count; integers, or floats with
/// whole numbers. `mask_index` is the blank's class. Float32 (batch,); infinite, with a gradient of 0, where there are
/// too few steps for the target, NaN for a class out of range. The computation is described step by step: its graph
/// grows with the number of steps.
///
/// Graves et al., Connectionist Temporal Classification (2006). Keras: `ops.ctc_loss`. Throws ShapeError for other
/// shapes, ValueError for a blank that is no class.
Tensor ctc_loss(const Tensor& target, const Tensor& output, const Tensor& target_length, const Tensor& output_length,
                int mask_index = 0);

}  // namespace cornu::ops
