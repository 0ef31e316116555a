#pragma once

#include <string_view>

#include "cornu/graph/array/array.h"

namespace cornu::ops::internal {

/// The dtypes in which numbers are computed.
inline bool is_computed(graph::DType dtype) { return dtype == graph::float32 || dtype == graph::bfloat16; }

/// Throws TypeError, `relu: expected a float32 or bfloat16 tensor, got …`, for another dtype.
inline void require_computed(std::string_view op, const graph::Spec& x) {
  graph::require<graph::TypeError>(is_computed(x.dtype), op, ": expected a float32 or bfloat16 tensor, got ", x);
}

}  // namespace cornu::ops::internal
