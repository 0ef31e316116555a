#include "cornu/graph/passes/layout.h"

#include <algorithm>

#include "cornu/graph/leaf.h"
#include "cornu/graph/pass.h"

namespace cornu::graph::passes {

std::unordered_set<const Node*> lasting_forms(const Outputs& outputs) {
  std::unordered_set<const void*> changed;
  for (const auto& [variable, value] : outputs.updates()) changed.insert(variable.id());

  const auto nodes = reachable(outputs);
  std::unordered_set<const Node*> lasting, kept;
  const auto is_leaf = [](const Node& node) { return node.inputs().empty(); };
  for (const auto& node : nodes) {
    const Tensor out(node, 0);
    if (const auto* read = as<ReadVariable>(out)) {
      if (!changed.contains(read->variable.id())) lasting.insert(node.get());
    } else if (as<Constant>(out)) {
      lasting.insert(node.get());
    } else if (!is_leaf(*node) && !node->op().traits().stateful) {
      const auto& inputs = node->inputs();
      if (std::all_of(inputs.begin(), inputs.end(), [&](const Tensor& t) { return lasting.contains(&t.node()); })) lasting.insert(node.get());
    }
  }
  const auto keep = [&](const Tensor& tensor) {
    const Node* node = &tensor.node();
    while (node->op().traits().view && lasting.contains(node)) node = &node->inputs()[0].node();
    if (!is_leaf(*node) && lasting.contains(node)) kept.insert(node);
  };
  for (const auto& node : nodes)
    if (!lasting.contains(node.get()))
      for (const Tensor& input : node->inputs()) keep(input);
  for (const Tensor& tensor : outputs.tensors()) keep(tensor);
  for (const auto& [variable, value] : outputs.updates()) keep(value);
  return kept;
}

}  // namespace cornu::graph::passes
