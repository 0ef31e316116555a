#pragma once

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

// Elementary functions of each element of a float32 or bfloat16 tensor of any shape, by the C library. Names as in
// keras.ops; at 0, infinities and NaN values and gradients are those of Keras on TensorFlow.
Tensor expm1(const Tensor& x);  ///< exp(x) - 1, exact also near 0
Tensor log1p(const Tensor& x);  ///< log(1 + x), exact also near 0
Tensor tan(const Tensor& x);
Tensor arcsin(const Tensor& x);  ///< NaN outside of [-1, 1], as arccos
Tensor arccos(const Tensor& x);
Tensor arctan(const Tensor& x);
Tensor sinh(const Tensor& x);
Tensor cosh(const Tensor& x);
Tensor arcsinh(const Tensor& x);
Tensor arccosh(const Tensor& x);  ///< NaN below 1
Tensor arctanh(const Tensor& x);  ///< NaN outside of [-1, 1]
Tensor erfinv(const Tensor& x);   ///< NaN outside of [-1, 1]; infinite at the ends

}  // namespace cornu::ops
