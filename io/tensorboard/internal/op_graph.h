#pragma once

#include <string>
#include <vector>

#include "cornu/graph/outputs.h"
#include "cornu/graph/plan/profile.h"

namespace cornu::io::tensorboard::internal {

/// The computation as a serialised GraphDef: a node for each node, variable, argument and update, with its op,
/// attributes, and the shapes of its outputs. Names are those of graph::node_names, the op written as TensorBoard's own
/// are ("dense/MatMul").
///
/// `traced` is the computation before the passes: it tells in which name scope an update was described (fusion may have
/// moved it elsewhere). `arguments` are names for the first ones.
std::string graph_def(const graph::Outputs& optimised, const graph::Outputs& traced,
                      const std::vector<std::string>& arguments = {});

/// What the nodes of that graph took, as a serialised RunMetadata.
std::string run_metadata(const graph::Profile& profile);

}  // namespace cornu::io::tensorboard::internal
