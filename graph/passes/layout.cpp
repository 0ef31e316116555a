#include "cornu/graph/passes/internal/layout.h"

#include <algorithm>

#include "cornu/graph/internal/node_table.h"
#include "cornu/graph/leaf.h"
#include "cornu/graph/passes/pass.h"

namespace cornu::graph::passes {

std::unordered_set<const Node*> lasting_forms(const Outputs& outputs) {
  std::unordered_set<const void*> changed;
  for (const auto& [variable, value] : outputs.updates()) changed.insert(variable.id());

  const auto nodes = reachable(outputs);
  if (nodes.empty()) return {};
  internal::NodeTable<char> lasts(nodes.front()->id(), nodes.back()->id(), nodes.size());
  const auto is_lasting = [&](const Node& node) { return lasts[node] != 0; };
  std::unordered_set<const Node*> kept;
  const auto is_leaf = [](const Node& node) { return node.inputs().empty(); };
  for (const auto& node : nodes) {
    if (const auto* read = as<ReadVariable>(node->op())) {
      lasts[*node] = !changed.contains(read->variable.id());
    } else if (as<Constant>(node->op())) {
      lasts[*node] = true;
    } else if (!is_leaf(*node) && !node->op().traits().stateful) {
      const auto& inputs = node->inputs();
      lasts[*node] = std::all_of(inputs.begin(), inputs.end(), [&](const Tensor& t) { return is_lasting(t.node()); });
    }
  }
  const auto keep = [&](const Tensor& tensor) {
    const Node* node = &tensor.node();
    while (node->op().traits().view && is_lasting(*node)) node = &node->inputs()[0].node();
    if (!is_leaf(*node) && is_lasting(*node)) kept.insert(node);
  };
  for (const auto& node : nodes)
    if (!is_lasting(*node))
      for (const Tensor& input : node->inputs()) keep(input);
  for (const Tensor& tensor : outputs.tensors()) keep(tensor);
  for (const auto& [variable, value] : outputs.updates()) keep(value);
  return kept;
}

}  // namespace cornu::graph::passes
