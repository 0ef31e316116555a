#include "cornu/graph/internal/rebuild.h"

#include <algorithm>
#include <unordered_set>

namespace cornu::graph::internal {

std::vector<std::shared_ptr<const Node>> nodes_until(const Tensors& results,
                                                     const std::function<bool(const Tensor&)>& stops) {
  std::vector<std::shared_ptr<const Node>> nodes;
  std::unordered_set<const Node*> seen;
  const auto see = [&](const Tensor& tensor) {
    if (!stops(tensor) && seen.insert(&tensor.node()).second) nodes.push_back(tensor.node_ptr());
  };
  for (const Tensor& tensor : results) see(tensor);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const Node& node = *nodes[i];  // stays where the list grows
    for (const Tensor& input : node.inputs()) see(input);
  }
  std::sort(nodes.begin(), nodes.end(), [](const auto& a, const auto& b) { return a->id() < b->id(); });
  return nodes;
}

Tensors Rebuild::operator()(const Tensors& old) {
  const auto known = [&](const Tensor& tensor) { return now_.contains(tensor); };
  for (const auto& node : nodes_until(old, known)) {
    Tensors inputs;
    bool same = true;
    for (const Tensor& input : node->inputs()) {
      inputs.push_back(*now_.find(input));
      same = same && inputs.back().same(input);
    }
    const auto made = same ? node : std::make_shared<const Node>(*node, std::move(inputs));
    for (int i = 0; i < static_cast<int>(node->outputs().size()); ++i) now_.put(Tensor(node, i), Tensor(made, i));
  }
  Tensors now;
  for (const Tensor& tensor : old) now.push_back(*now_.find(tensor));
  return now;
}

Tensor Rebuild::operator()(const Tensor& old) { return (*this)(Tensors{old})[0]; }

}  // namespace cornu::graph::internal
