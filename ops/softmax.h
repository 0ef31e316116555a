#pragma once

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

/// y_i = exp(x_i) / sum_j exp(x_j) along one axis. Float32. Keras: `ops.softmax`.
Tensor softmax(const Tensor& x, int axis = -1);
/// Its logarithm, computed without overflow. Keras: `ops.log_softmax`.
Tensor log_softmax(const Tensor& x, int axis = -1);

}  // namespace cornu::ops
