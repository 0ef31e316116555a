#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cornu/graph/outputs.h"

namespace cornu::graph {

/// A rewriting rule for one node of a traced computation: given the node with already rewritten inputs, and how many nodes (and outputs)
/// use each tensor, it gives replacements for the node's outputs, or nothing to leave it alone. Used between differentiation and planning.
class Users;  // counts uses
using Rule = std::function<Tensors(const Node& node, const Users& users)>;

/// Number of uses of a tensor in the computation being rewritten: 1 means that only the node at hand reads it.
class Users {
 public:
  virtual int of(const Tensor& tensor) const = 0;

 protected:
  ~Users() = default;
};

/// Rules run in order of registration, on all nodes in topological order each. ops/passes registers the rules that need particular ops.
bool register_rule(std::string name, Rule rule);

}  // namespace cornu::graph
