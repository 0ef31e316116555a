#pragma once

#include "cornu/graph/outputs.h"

namespace cornu::graph::passes {

/// What depends on constants alone is computed once, by the ops' own kernels on that number of threads (0: OpenMP's),
/// and becomes a constant. Left alone are stateful ops and results that would cost more memory than they save work: of
/// more than 1 MiB, or more than twice the size of the node's inputs (a broadcast).
Outputs fold_constants(const Outputs& outputs, int threads = 0);

}  // namespace cornu::graph::passes
