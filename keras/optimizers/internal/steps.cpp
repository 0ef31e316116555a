#include "cornu/keras/optimizers/internal/steps.h"

#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/native/where_nonzero.h"

namespace cornu::keras::optimizers::internal {

using graph::Tensor;

Division divide(const Tensor& x, std::int64_t n) {
  // One division of a large number is off by some parts in 2^24; the remainder it leaves (perhaps negative) is small
  // enough for an exact one.
  const auto divided = [&](const Tensor& y) {
    return ops::cast(ops::floor(ops::cast(y, graph::float32) / n), graph::int64);
  };
  const Tensor about = divided(x), rest = x - about * n, correction = divided(rest);
  return {about + correction, rest - correction * n};
}

Tensor is_multiple(const Tensor& x, std::int64_t n) {
  return ops::equal(divide(x, n).remainder, graph::constant(0, graph::int64));
}

Tensor choose(const Tensor& condition, const Tensor& a, const Tensor& b) {
  if (!graph::is_floating(a.dtype())) return ops::where(condition, a, b);
  return ops::where_nonzero(ops::cast(condition, a.dtype()), a, b);
}

}  // namespace cornu::keras::optimizers::internal
