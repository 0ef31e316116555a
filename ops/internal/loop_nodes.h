#pragma once

#include <memory>
#include <vector>

#include "cornu/graph/op.h"
#include "cornu/graph/outputs.h"

namespace cornu::ops::internal {

/// True if a node gives more than twice as many bytes as it reads: a number repeated, a comparison with a range.
bool made_larger(const graph::Node& node);
/// True for what a gradient computes again rather than have a loop keep it for all steps.
bool computed_again(const graph::Node& node);

/// The nodes of a body, inputs before users.
std::vector<std::shared_ptr<const graph::Node>> nodes_of(const graph::Outputs& body);
/// Its parameters by number, of so many; undefined where it does not read one.
graph::Tensors parameters_of(const graph::Outputs& body, std::size_t count);

}  // namespace cornu::ops::internal
