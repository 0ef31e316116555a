#pragma once

#include "cornu/graph/array/array.h"
#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

// Of two tensors of one dtype, with broadcasting: float32 or bfloat16, but for divide, power and arctan2 also uint8,
// int32 and int64, which wrap where they overflow. Names as in keras.ops. Throw TypeError for different dtypes and
// ShapeError for shapes that do not broadcast.
Tensor add(const Tensor& a, const Tensor& b);
Tensor subtract(const Tensor& a, const Tensor& b);
Tensor multiply(const Tensor& a, const Tensor& b);
Tensor divide(const Tensor& a, const Tensor& b);
Tensor maximum(const Tensor& a, const Tensor& b);  ///< where equal the gradient goes to a, as in Keras on TensorFlow
Tensor minimum(const Tensor& a, const Tensor& b);
Tensor power(const Tensor& a, const Tensor& b);
Tensor floor_divide(const Tensor& a, const Tensor& b);  ///< a / b rounded down; of integers by 0: 0. No gradient.
Tensor mod(const Tensor& a, const Tensor& b);      ///< what is left by floor_divide, of b's sign; of integers by 0: 0
Tensor arctan2(const Tensor& a, const Tensor& b);  ///< the angle of the point (b, a), from -pi to pi

// Comparisons of two tensors of one dtype (any): a bool tensor, no gradient.
Tensor equal(const Tensor& a, const Tensor& b);
Tensor not_equal(const Tensor& a, const Tensor& b);
Tensor greater(const Tensor& a, const Tensor& b);
Tensor greater_equal(const Tensor& a, const Tensor& b);
Tensor less(const Tensor& a, const Tensor& b);
Tensor less_equal(const Tensor& a, const Tensor& b);
// Of any dtypes, in which what is not 0 counts as true (NaN too): a bool tensor, no gradient.
Tensor logical_and(const Tensor& a, const Tensor& b);
Tensor logical_or(const Tensor& a, const Tensor& b);
Tensor logical_xor(const Tensor& a, const Tensor& b);
Tensor logical_not(const Tensor& a);

}  // namespace cornu::ops

namespace cornu::graph {

// A number takes the tensor's dtype.
Tensor operator+(const Tensor& a, const Tensor& b);
Tensor operator-(const Tensor& a, const Tensor& b);
Tensor operator*(const Tensor& a, const Tensor& b);
Tensor operator/(const Tensor& a, const Tensor& b);
Tensor operator+(const Tensor& a, Scalar b);
Tensor operator-(const Tensor& a, Scalar b);
Tensor operator*(const Tensor& a, Scalar b);
Tensor operator/(const Tensor& a, Scalar b);
Tensor operator+(Scalar a, const Tensor& b);
Tensor operator-(Scalar a, const Tensor& b);
Tensor operator*(Scalar a, const Tensor& b);
Tensor operator/(Scalar a, const Tensor& b);
Tensor operator-(const Tensor& a);

}  // namespace cornu::graph
