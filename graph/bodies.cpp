#include "cornu/graph/bodies.h"

#include <algorithm>

#include "cornu/graph/passes/pass.h"

namespace cornu::graph {

HasBodies::~HasBodies() = default;

std::vector<bool> HasBodies::needed_inputs(const Node& node, const std::vector<bool>&) const {
  return std::vector<bool>(node.inputs().size(), true);
}

Tensors HasBodies::reduced(const Node&, const std::vector<bool>&) const { return {}; }

bool HasBodies::any_stateful() const {
  const auto stateful = [](const auto& node) { return node->op().traits().stateful; };
  const auto all = bodies();
  return std::any_of(all.begin(), all.end(), [&](const Outputs* body) {
    const auto nodes = reachable(*body);
    return std::any_of(nodes.begin(), nodes.end(), stateful);
  });
}

std::vector<const Outputs*> bodies_of(const Op& op) {
  const auto* of = dynamic_cast<const HasBodies*>(&op);
  return of ? of->bodies() : std::vector<const Outputs*>();
}

}  // namespace cornu::graph
