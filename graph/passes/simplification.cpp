#include "cornu/graph/op.h"
#include "cornu/graph/passes/pass.h"

// What holds for any op by its traits; the rules that need particular ops are in ops/passes.
namespace cornu::graph::passes {
namespace {

// A view of the spec that it views: stop_gradient once gradients are there, a reshape to the same shape.
Tensors same_view(const Node& node, const Users&) {
  if (!node.op().traits().view || node.outputs().size() != 1 || node.inputs().at(0).spec() != node.outputs()[0])
    return {};
  return {node.inputs()[0]};
}

const bool simplification_registered = register_rule("simplification", "same_view", same_view);

}  // namespace
}  // namespace cornu::graph::passes
