#include "cornu/ops/composite/in_top_k.h"

#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/any.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/one_hot.h"
#include "cornu/ops/native/select.h"

namespace cornu::ops {

Tensor in_top_k(const Tensor& targets, const Tensor& predictions, std::int64_t k) {
  const graph::Shape& shape = predictions.shape();
  graph::require<graph::ShapeError>(shape.rank() > 0 && targets.shape() == shape.erase(shape.rank() - 1),
                                    "in_top_k: expected predictions with one more axis than targets, got ",
                                    targets.spec(), " and ", predictions.spec());
  const Tensor p = cast(predictions, graph::float32), zero = graph::constant(0, graph::float32);
  const Tensor here = one_hot(targets, shape.back());
  const Tensor own = sum(where(greater(here, zero), p, zero), -1, keepdims);
  const Tensor larger = sum(greater(p, own), -1), in_range = any(here, {-1});
  const Tensor finite = equal(sum(p - p, -1), zero);  // what is not finite, less itself, is not a number
  return logical_and(logical_and(in_range, finite),
                     less(larger, graph::constant(static_cast<double>(k), graph::int64)));
}

}  // namespace cornu::ops
