#pragma once

#include <functional>
#include <string>

#include "cornu/graph/outputs.h"

namespace cornu::graph {

/// Number of uses of a tensor in the computation being rewritten, by nodes, outputs and updates: 1 means that nobody
/// else reads it.
class Users {
 public:
  virtual int of(const Tensor& tensor) const = 0;

 protected:
  ~Users() = default;
};

/// A rewriting rule for one node of a traced computation: given the node, whose inputs are rewritten already, it gives
/// replacements for the node's outputs (of the same specs), or nothing to leave it alone. Rules run after
/// differentiation and need no gradient.
///
///     Tensors square_of_root(const Node& node, const Users&) {
///       if (node.op().name() != "square" || node.inputs()[0].node().op().name() != "sqrt") return {};
///       return {abs(node.inputs()[0].node().inputs()[0])};
///     }
///     const bool registered = register_rule("simplification", "square_of_root", square_of_root);
using Rule = std::function<Tensors(const Node& node, const Users& users)>;

/// Adds a rule to a pass. One sweep from inputs to outputs applies all rules of a pass, in the order of their names,
/// and again to what a rule has made of a node, until none fits. Rules of "lowering" turn what kernels cannot compute
/// into what they can; that is no pass to be switched off. Throws ValueError if there is no such pass or the pass has a
/// rule of that name.
bool register_rule(std::string_view pass, std::string name, Rule rule);

/// A rewriting of a computation as a whole.
using Rewrite = std::function<Outputs(const Outputs& outputs)>;

/// Adds a rewriting to a pass: it runs after the pass' rules (those of "fusion" after lowering, too), among several in
/// the order of the numbers, then of the names. Throws ValueError if there is no such pass or the pass has a rewriting
/// of that name.
bool register_rewrite(std::string_view pass, int order, std::string name, Rewrite rewrite);

/// Nodes from which the outputs and updates are computed, inputs before users.
std::vector<std::shared_ptr<const Node>> reachable(const Outputs& outputs);

/// All passes over the graph that are not switched off, in the order of passes::names(). What is computed at once
/// (constants) is computed with that number of threads; 0: as many as OpenMP gives.
Outputs optimise(const Outputs& outputs, int threads = 0);
/// Lowering alone: what can be run.
Outputs legalise(const Outputs& outputs);

}  // namespace cornu::graph
