#pragma once

#include <functional>
#include <span>

#include "cornu/graph/op.h"
#include "cornu/graph/pass.h"

namespace cornu::graph::internal {

/// What to put in place of a node: `node` has its inputs rewritten already, `original` is the node of the computation that came in.
using Visit = std::function<Tensors(const Node& node, const Node& original, const Users& users)>;

/// Rebuilds a computation from inputs to outputs, nodes keeping their order; `visit` may replace a node. In time linear in the nodes.
Outputs sweep(const Outputs& outputs, const Visit& visit);

struct NamedRule {
  std::string name;
  Rule rule;
};
/// One sweep with all rules; what a rule makes of a node is visited again. Throws Error if that does not end, or if a rule's
/// replacement has other specs.
Outputs apply_rules(const Outputs& outputs, std::span<const NamedRule> rules);

/// What is registered for a pass.
Outputs apply_registered_rules(const Outputs& outputs, std::string_view pass);
Outputs apply_registered_rewrites(const Outputs& outputs, std::string_view pass);
inline constexpr std::string_view kLowering = "lowering";

}  // namespace cornu::graph::internal
