#pragma once

#include "cornu/graph/tensor.h"
#include "cornu/ops/eltwise.h"

namespace cornu::ops {

// Activation functions made of other ops. Names, arguments, defaults and gradients at the corners as in
// keras.activations 3.15.
Tensor relu(const Tensor& x, double negative_slope, double max_value,
            double threshold = 0);  ///< max_value infinite: no maximum
Tensor celu(const Tensor& x, double alpha = 1);
Tensor selu(const Tensor& x);
Tensor silu(const Tensor& x);  ///< also called swish
Tensor mish(const Tensor& x);
Tensor glu(const Tensor& x, int axis = -1);
Tensor hard_sigmoid(const Tensor& x);         ///< relu6(x + 3) / 6
Tensor hard_sigmoid_keras2(const Tensor& x);  ///< clip(0.2 x + 0.5, 0, 1): what files of Keras 2 mean
Tensor hard_silu(const Tensor& x);
Tensor hard_tanh(const Tensor& x);
Tensor hard_shrink(const Tensor& x, double threshold = 0.5);
Tensor soft_shrink(const Tensor& x, double threshold = 0.5);
Tensor tanh_shrink(const Tensor& x);
Tensor threshold(const Tensor& x, double threshold, double default_value);
Tensor log_sigmoid(const Tensor& x);
Tensor squareplus(const Tensor& x, double b = 4);
Tensor sparse_plus(const Tensor& x);
Tensor sparse_sigmoid(const Tensor& x);
Tensor sparsemax(const Tensor& x, int axis = -1);

}  // namespace cornu::ops
