#include "cornu/graph/bodies.h"

#include <algorithm>
#include <cstdint>

#include "cornu/graph/passes/pass.h"

namespace cornu::graph {

HasBodies::~HasBodies() = default;

std::vector<bool> HasBodies::needed_inputs(const Node& node, const std::vector<bool>&) const {
  return std::vector<bool>(node.inputs().size(), true);
}

Tensors HasBodies::reduced(const Node&, const std::vector<bool>&) const { return {}; }

void HasBodies::look_at_bodies() {
  stateful_ = false, effect_ = 0;
  for (const Outputs* body : bodies())
    for (const auto& node : reachable(*body)) {
      const Traits traits = node->op().traits();
      stateful_ = stateful_ || traits.stateful;
      if (traits.effect > 0) effect_ = effect_ == 0 ? traits.effect : std::min(effect_, traits.effect);
    }
}

std::vector<const Outputs*> bodies_of(const Op& op) {
  const auto* of = dynamic_cast<const HasBodies*>(&op);
  return of ? of->bodies() : std::vector<const Outputs*>();
}

}  // namespace cornu::graph
