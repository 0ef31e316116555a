#include "cornu/keras/metrics/in_top_k.h"

#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/one_hot.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::metrics {

using graph::Tensor;

Tensor in_top_k(const Tensor& labels, const Tensor& predictions, int k) {
  const Tensor p = ops::cast(predictions, graph::float32), zero = graph::constant(0, graph::float32);
  const Tensor here = ops::one_hot(labels, p.shape().back());
  const Tensor own = ops::sum(ops::where(ops::greater(here, zero), p, zero), -1, ops::keepdims);
  const Tensor greater = ops::sum(ops::cast(ops::greater(p, own), graph::float32), -1);
  const Tensor in_range = ops::sum(here, -1);
  // A number that is not finite, less itself, is not a number.
  const Tensor finite = ops::cast(ops::equal(ops::sum(p - p, -1), zero), graph::float32);
  return in_range * finite * ops::cast(ops::less(greater, graph::constant(k, graph::float32)), graph::float32);
}

}  // namespace cornu::keras::metrics
