#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cornu/graph/op.h"
#include "cornu/graph/passes/pass.h"

namespace cornu::graph::internal {

/// What to put in place of a node: `node` has its inputs rewritten already, `original` is the node of the computation
/// that came in.
using Visit = std::function<Tensors(const Node& node, const Node& original, const Users& users)>;

/// Rebuilds a computation from inputs to outputs, nodes keeping their order; `visit` may replace a node, and sees what
/// it has made of one. In time linear in the nodes. Throws Error if it goes on and on at one node.
Outputs sweep(const Outputs& outputs, const Visit& visit);
/// The same for a visit that has something to do only at nodes of which `where` is true: where there are none, which is
/// found out in a fraction of the time, nothing is done.
Outputs sweep_where(const Outputs& outputs, bool (*where)(const Node& node), const Visit& visit);

struct NamedRule {
  std::string name;
  Rule rule;
};
/// The first rule that fits. Throws Error if its replacement has other specs than the node.
Visit visit_of(std::vector<NamedRule> rules);
/// What replaces a node by an equal one that was visited before; for one sweep.
Visit merging();
/// What replaces a node of constants by what it gives (passes/constant_folding.h).
Visit folding(int threads);
/// The first one that finds something to do.
Visit in_turn(std::vector<Visit> visits);

/// What is registered for a pass.
std::vector<NamedRule> rules_of(std::string_view pass);
std::vector<Rewrite> rewrites_of(std::string_view pass);
inline constexpr std::string_view kLowering = "lowering";
/// Lowering of the nodes, but not of their bodies.
Outputs lower(const Outputs& outputs);

/// False if one was rewritten into the other.
bool same_computation(const Outputs& a, const Outputs& b);

}  // namespace cornu::graph::internal
