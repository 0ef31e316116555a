#pragma once

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

struct MatmulConfig {
  bool transpose_a = false;  ///< the last two axes of a are swapped (nothing is copied)
  bool transpose_b = false;
};

/// Matrix product of the last two axes: (…, m, k) x (…, k, n) -> (…, m, n); leading axes broadcast, and a b of rank 2
/// serves every leading axis of a. A vector is a row as a, a column as b, and has no axis in the result. Float32 or
/// bfloat16. Throws ShapeError if the inner axes differ, for a scalar, and for a vector to be transposed. NumPy, Keras:
/// `ops.matmul`.
Tensor matmul(const Tensor& a, const Tensor& b, MatmulConfig config = {});

}  // namespace cornu::ops
