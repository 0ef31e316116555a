#pragma once

#include "cornu/graph/outputs.h"

namespace cornu::graph::passes {

/// Updates that give a variable its own old value go, and with them the nodes that only they read. (A node that no
/// output and no update reads is not part of a computation anyway.) The variable's version then stays as it is.
Outputs remove_dead_nodes(const Outputs& outputs);

}  // namespace cornu::graph::passes
