#include "cornu/ops/composite/any.h"

#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/cast.h"

namespace cornu::ops {

Tensor any(const Tensor& x, const std::vector<int>& axes, KeepDims keep) {
  const Tensor set = cast(not_equal(x, graph::constant(0, x.dtype())), graph::float32);
  return greater(max(set, axes, keep), graph::constant(0, graph::float32));
}

}  // namespace cornu::ops
