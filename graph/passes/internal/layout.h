#pragma once

#include <unordered_set>

#include "cornu/graph/op.h"
#include "cornu/graph/outputs.h"

namespace cornu::graph::passes {

/// Nodes whose values depend only on variables which this computation leaves as they are, and on constants.
std::unordered_set<const Node*> lasting_nodes(const Outputs& outputs);

/// Values that depend only on variables which this computation leaves as they are: a weight cast to bfloat16,
/// transposed or reshaped for a product. A plan keeps them in that form from call to call and computes them again only
/// when one of the variables has changed.
///
/// Gives the nodes whose values are kept: those that others than kept ones, or the outputs, read. Leaves and views are
/// none.
std::unordered_set<const Node*> lasting_forms(const Outputs& outputs);

}  // namespace cornu::graph::passes
