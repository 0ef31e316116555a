#pragma once

#include <vector>

#include "cornu/graph/tensor.h"

namespace cornu::keras::layers::internal {

struct Moments {
  graph::Tensor mean, variance;
};

/// Mean and biased variance over these axes, which stay with length 1. Float32.
Moments moments(const graph::Tensor& x, const std::vector<int>& axes);
/// The same of the elements that a mask, bool and of x's shape, lets count. Where it lets none count both are 0.
Moments masked_moments(const graph::Tensor& x, const graph::Tensor& mask, const std::vector<int>& axes);

/// 1 / sqrt(x). Its gradient is 0 where nothing flows back.
graph::Tensor rsqrt(const graph::Tensor& x);

/// (x - mean) / sqrt(variance + epsilon) * gamma + beta. All are float32 and broadcast against x; gamma and beta may be
/// undefined. In the order in which Keras computes it: x times a factor, plus an offset.
graph::Tensor normalized(const graph::Tensor& x, const Moments& m, double epsilon, const graph::Tensor& gamma,
                         const graph::Tensor& beta);

/// A float32 result in the dtype of x if that is floating, then in the compute dtype: what layers without autocast
/// give.
graph::Tensor narrowed(const graph::Tensor& result, const graph::Tensor& x, graph::DType compute_dtype);

}  // namespace cornu::keras::layers::internal
