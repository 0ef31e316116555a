#pragma once

#include "cornu/ops/reduction.h"

namespace cornu::ops {

// Bool, of any dtype; NaN counts as not 0. No gradient. Names as in keras.ops.

/// Whether an element along the axes is not 0; of nothing false.
Tensor any(const Tensor& x, const AxesOrAll& axis = {}, KeepDims keep = KeepDims::no);
/// Whether all elements along the axes are not 0; of nothing true.
Tensor all(const Tensor& x, const AxesOrAll& axis = {}, KeepDims keep = KeepDims::no);
/// How many elements along the axes are not 0: int32.
Tensor count_nonzero(const Tensor& x, const AxesOrAll& axis = {});

}  // namespace cornu::ops
