#pragma once

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

// Names and arguments as in NumPy and keras.ops. `offset` and `k` count diagonals: 0 is the main one, positive ones lie
// above it, negative ones below.

/// The elements x[i, i + offset] of two axes, along a new last axis; the two are gone. Any dtype; empty for a diagonal
/// that there is not. Throws ShapeError for one axis twice and for axes that there are not.
Tensor diagonal(const Tensor& x, std::int64_t offset = 0, int axis1 = 0, int axis2 = 1);
/// The sum of that diagonal. Float32, bfloat16.
Tensor trace(const Tensor& x, std::int64_t offset = 0, int axis1 = 0, int axis2 = 1);
/// The square matrix with the vector x on a diagonal, zeros elsewhere; of a matrix its diagonal. Any dtype. Throws
/// ShapeError for another rank.
Tensor diag(const Tensor& x, std::int64_t k = 0);
/// x (…, rows, columns) with zeros above the diagonal / below it. Any dtype. Throws ShapeError for a rank below 2.
Tensor tril(const Tensor& x, std::int64_t k = 0);
Tensor triu(const Tensor& x, std::int64_t k = 0);

}  // namespace cornu::ops
