#pragma once

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;

/// As `where` (select.h), by numbers: a where the flag is not 0, b elsewhere; the three are of one floating dtype and
/// broadcast. Unlike `where` it becomes part of loops with its neighbours: a step of an optimizer that may be left out
/// stays one pass over the memory. Throws TypeError for other dtypes.
Tensor where_nonzero(const Tensor& flag, const Tensor& a, const Tensor& b);

}  // namespace cornu::ops
