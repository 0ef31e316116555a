#pragma once

#include <vector>

#include "cornu/ops/reduction.h"

namespace cornu::ops {

/// Whether an element along the axes is not 0: bool. Any dtype; NaN counts as not 0. NumPy: `any`.
Tensor any(const Tensor& x, const std::vector<int>& axes, KeepDims keep = KeepDims::no);

}  // namespace cornu::ops
