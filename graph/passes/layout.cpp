#include "cornu/graph/passes/internal/layout.h"

#include <algorithm>

#include "cornu/graph/internal/node_table.h"
#include "cornu/graph/leaf.h"
#include "cornu/graph/passes/pass.h"

namespace cornu::graph::passes {

namespace {

bool is_leaf(const Node& node) { return node.inputs().empty(); }

/// By node, whether it lasts.
internal::NodeTable<char> look(const Outputs& outputs, const std::vector<std::shared_ptr<const Node>>& nodes) {
  std::unordered_set<const void*> changed;
  for (const auto& [variable, value] : outputs.updates()) changed.insert(variable.id());
  internal::NodeTable<char> lasts(nodes.front()->id(), nodes.back()->id(), nodes.size());
  for (const auto& node : nodes) {
    if (const auto* read = as<ReadVariable>(node->op())) {
      lasts[*node] = !changed.contains(read->variable.id());
    } else if (as<Constant>(node->op())) {
      lasts[*node] = true;
    } else if (!is_leaf(*node) && !node->op().traits().stateful) {
      const auto& inputs = node->inputs();
      lasts[*node] = std::all_of(inputs.begin(), inputs.end(), [&](const Tensor& t) { return lasts[t.node()] != 0; });
    }
  }
  return lasts;
}

}  // namespace

std::unordered_set<const Node*> lasting_nodes(const Outputs& outputs) {
  const auto nodes = reachable(outputs);
  std::unordered_set<const Node*> found;
  if (nodes.empty()) return found;
  auto lasts = look(outputs, nodes);
  for (const auto& node : nodes)
    if (lasts[*node] != 0) found.insert(node.get());
  return found;
}

std::unordered_set<const Node*> lasting_forms(const Outputs& outputs) {
  const auto nodes = reachable(outputs);
  if (nodes.empty()) return {};
  auto lasts = look(outputs, nodes);
  const auto is_lasting = [&](const Node& node) { return lasts[node] != 0; };
  std::unordered_set<const Node*> kept;
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
