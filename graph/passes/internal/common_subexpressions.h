#pragma once

#include "cornu/graph/outputs.h"

namespace cornu::graph::passes {

/// Nodes that compute the same become one: equal ops (class and fields) of equal inputs, for commutative ops in either
/// order. Constants are equal if their bits are (NaN equals itself, 0 differs from -0). Stateful ops stay apart.
/// Changes no bits of any result.
Outputs merge_common_subexpressions(const Outputs& outputs);

}  // namespace cornu::graph::passes
