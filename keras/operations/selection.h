#pragma once

#include <vector>

#include "cornu/keras/layers/keras_tensor.h"
#include "cornu/keras/operations/arithmetic.h"

/// Elements of one or another tensor, and repeated ones, on Keras' symbolic tensors.
namespace cornu::ops {

/// `a` where the condition holds, else `b`: tensors that broadcast, or numbers.
CORNU_EXPORT KerasTensor where(const KerasTensor& condition, const Operand& a, const Operand& b);
/// Each axis so many times, the batch, which is in front, once: `ops::tile(x, {1, 2})`.
CORNU_EXPORT KerasTensor tile(const KerasTensor& x, const std::vector<std::int64_t>& repeats);

}  // namespace cornu::ops
