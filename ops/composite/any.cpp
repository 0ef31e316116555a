#include "cornu/ops/composite/any.h"

#include "cornu/ops/native/cast.h"

namespace cornu::ops {

Tensor any(const Tensor& x, const AxesOrAll& axis, KeepDims keep) { return max(cast(x, graph::bool_), axis, keep); }
Tensor all(const Tensor& x, const AxesOrAll& axis, KeepDims keep) { return min(cast(x, graph::bool_), axis, keep); }
Tensor count_nonzero(const Tensor& x, const AxesOrAll& axis) {
  return cast(sum(cast(x, graph::bool_), axis), graph::int32);
}

}  // namespace cornu::ops
