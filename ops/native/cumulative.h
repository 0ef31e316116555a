#pragma once

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

struct CumulativeConfig {
  bool exclusive = false;  ///< element i is of what stands before x_i, without it: the first one is 0, or 1
  bool reverse = false;    ///< from the end
};

/// Running sums and products along an axis; without one, of all elements in one dimension. Float32, bfloat16; of bools
/// and integers int64, as in NumPy. Gradients of products are right where elements are 0. Keras: `ops.cumsum`,
/// `ops.cumprod`; TensorFlow has the options.
Tensor cumsum(const Tensor& x);
Tensor cumsum(const Tensor& x, int axis, const CumulativeConfig& config = {});
Tensor cumprod(const Tensor& x);
Tensor cumprod(const Tensor& x, int axis, const CumulativeConfig& config = {});

/// y_t = a_t y_(t-1) + b_t along an axis, from the end if `reverse`; y_0 = b_0, so that a_0 is not read. Two tensors of
/// one shape; float32, bfloat16 or int64. What running sums, products and discounted returns are cases of:
///
///     linear_recurrence(ops::full(r.shape(), 0.99), r, 0, true)      // returns of rewards r
Tensor linear_recurrence(const Tensor& a, const Tensor& b, int axis, bool reverse = false);

}  // namespace cornu::ops
