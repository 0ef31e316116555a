#pragma once

#include "cornu/graph/tensor.h"

namespace cornu::keras::optimizers::internal {

struct Division {
  graph::Tensor quotient, remainder;
};

/// Of a non-negative int64 scalar by a positive number, rounded down: exact up to 2^47, though division itself is done
/// in float32.
Division divide(const graph::Tensor& x, std::int64_t n);
/// Whether the scalar is a multiple of n: a bool scalar.
graph::Tensor is_multiple(const graph::Tensor& x, std::int64_t n);

/// a if the condition, a bool scalar, holds, else b, such that floating ones are chosen in the loop that makes them.
graph::Tensor choose(const graph::Tensor& condition, const graph::Tensor& a, const graph::Tensor& b);

}  // namespace cornu::keras::optimizers::internal
