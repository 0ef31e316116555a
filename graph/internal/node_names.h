#pragma once

#include <string>
#include <unordered_map>

#include "cornu/graph/outputs.h"

namespace cornu::graph {

/// A name for each node of a computation, unique in it: its name scope and its op, numbered from the second on:
/// "dense/matmul", "gradients/dense/matmul_1". Equal computations have equal names.
std::unordered_map<const Node*, std::string> node_names(const Outputs& outputs);

}  // namespace cornu::graph
