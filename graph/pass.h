#pragma once

#include <functional>
#include <string>

#include "cornu/graph/outputs.h"

namespace cornu::graph {

/// Number of uses of a tensor in the computation being rewritten, by nodes, outputs and updates: 1 means that nobody else reads it.
class Users {
 public:
  virtual int of(const Tensor& tensor) const = 0;

 protected:
  ~Users() = default;
};

/// A rewriting rule for one node of a traced computation: given the node, whose inputs are rewritten already, it gives replacements
/// for the node's outputs, or nothing to leave it alone. Rules run after differentiation and need no gradient.
using Rule = std::function<Tensors(const Node& node, const Users& users)>;

/// A required rule turns what kernels cannot compute into what they can: it runs whatever is switched off.
enum class Rules { optional, required };

/// Rules run in the order of their names' registration, each over all nodes from inputs to outputs. Passes in graph/ know ops by
/// traits; ops/passes registers the rules that need particular ops. Throws ValueError if the name is taken.
bool register_rule(std::string name, Rule rule, Rules kind = Rules::optional);

/// Nodes from which the outputs and updates are computed, inputs before users.
std::vector<std::shared_ptr<const Node>> reachable(const Outputs& outputs);

/// Equal nodes made one, then every rule; equal nodes again, which rules may have made.
Outputs optimise(const Outputs& outputs);
/// The required rules alone: what can be run.
Outputs legalise(const Outputs& outputs);

}  // namespace cornu::graph
