#pragma once

#include "cornu/graph/op.h"

namespace cornu::ops::internal {

/// True if a node gives more than twice as many bytes as it reads: a number repeated, a comparison with a range.
bool made_larger(const graph::Node& node);
/// True for what a gradient computes again rather than have a loop keep it for all steps.
bool computed_again(const graph::Node& node);

}  // namespace cornu::ops::internal
