#pragma once

#include "cornu/graph/leaf.h"

namespace cornu::keras::optimizers::internal {

/// A number in float32, in which optimizers compute.
inline graph::Tensor scalar(double value) { return graph::constant(value, graph::float32); }

}  // namespace cornu::keras::optimizers::internal
