#include "cornu/keras/layers/normalization/internal/moments.h"

#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/moments.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::layers::internal {

using graph::keepdims;
using graph::Tensor;

Moments moments(const Tensor& x, const std::vector<int>& axes) {
  const auto [mean, variance] = ops::moments(x, axes, keepdims);
  return {mean, variance};
}

Moments masked_moments(const Tensor& x, const Tensor& mask, const std::vector<int>& axes) {
  constexpr double kNone = 1e-7;  // Keras' epsilon: no division by 0
  const Tensor count = ops::sum(ops::cast(mask, x.dtype()), axes, keepdims) + kNone;
  // Selected rather than multiplied by 0, which NaN and infinities would survive.
  const auto sum = [&](const Tensor& y) {
    return ops::sum(ops::where(mask, y, graph::constant(0, x.dtype())), axes, keepdims);
  };
  const Tensor mean = sum(x) / count;
  return {mean, sum(ops::square(x - mean)) / count};
}

Tensor rsqrt(const Tensor& x) { return ops::reciprocal(ops::sqrt(x)); }

Tensor normalized(const Tensor& x, const Moments& m, double epsilon, const Tensor& gamma, const Tensor& beta) {
  Tensor factor = rsqrt(m.variance + epsilon);
  if (gamma.defined()) factor = factor * gamma;
  const Tensor shift = m.mean * factor;
  return x * factor + (beta.defined() ? beta - shift : -shift);
}

Tensor narrowed(const Tensor& result, const Tensor& x, graph::DType compute_dtype) {
  const Tensor given = graph::is_floating(x.dtype()) ? ops::cast(result, x.dtype()) : result;
  return ops::cast(given, compute_dtype);
}

}  // namespace cornu::keras::layers::internal
