#pragma once

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

// Functions of each element of a float32 or bfloat16 tensor of any shape; relu, square, abs, negative, clip and sign
// also of uint8, int32 and int64, which wrap where they overflow. Names as in keras.ops. At 0, infinities and
// NaN values and gradients are those of Keras on TensorFlow: the gradients of sqrt and reciprocal are 0 where nothing
// flows back, those of log and power NaN where 0 meets an infinite slope.
Tensor relu(const Tensor& x);  ///< max(x, 0)
Tensor leaky_relu(const Tensor& x, double negative_slope = 0.2);
Tensor relu6(const Tensor& x);  ///< min(relu(x), 6)
Tensor elu(const Tensor& x, double alpha = 1);  ///< x if x > 0, else alpha (exp(x) - 1)
Tensor tanh(const Tensor& x);
Tensor sigmoid(const Tensor& x);
Tensor softplus(const Tensor& x);                        ///< log(1 + exp(x))
Tensor softsign(const Tensor& x);                        ///< x / (|x| + 1)
Tensor gelu(const Tensor& x, bool approximate = false);  ///< x Phi(x); approximate: the tanh form
Tensor exp(const Tensor& x);
Tensor log(const Tensor& x);
Tensor sqrt(const Tensor& x);
Tensor square(const Tensor& x);
Tensor abs(const Tensor& x);  ///< gradient 0 at 0
Tensor negative(const Tensor& x);
Tensor power(const Tensor& x, double exponent);
Tensor clip(const Tensor& x, double low, double high);                ///< gradient 0 where clipped (1 at the bounds)
Tensor clip(const Tensor& x, const Tensor& low, const Tensor& high);  ///< the three of one dtype, with broadcasting
Tensor linear(const Tensor& x, double alpha, double beta);            ///< alpha x + beta
Tensor sin(const Tensor& x);
Tensor cos(const Tensor& x);
Tensor sign(const Tensor& x);   ///< -1, 0, 1; no gradient
Tensor floor(const Tensor& x);  ///< no gradient
Tensor round(const Tensor& x);  ///< half to even; no gradient
Tensor reciprocal(const Tensor& x);
Tensor erf(const Tensor& x);

}  // namespace cornu::ops
