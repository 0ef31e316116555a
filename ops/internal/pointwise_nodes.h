#pragma once

#include <optional>

#include "cornu/graph/op.h"
#include "cornu/ops/internal/expression.h"

namespace cornu::ops::internal {

/// True if the node's output is a formula of its inputs' elements that a fused loop can compute: floating, and not
/// empty.
bool has_formula(const graph::Node& node);
/// Whether even a single node gains by being a loop of ours: small ones, and those for which there is no primitive.
bool better_alone(const graph::Node& node);

/// The number, if the tensor is a floating constant of one element: it stands in the code, not among the inputs.
std::optional<float> constant_number(const graph::Tensor& tensor);

/// Nodes with formulas, inputs before users, on their way to one expression.
class PointwiseNodes {
 public:
  void add(const graph::Node& node);
  /// What the nodes read that none of them makes, each once, in the order of the expression's inputs.
  const graph::Tensors& inputs() const { return inputs_; }
  /// The formulas of those nodes' outputs.
  Expression expression(const std::vector<const graph::Node*>& outputs) const;

 private:
  std::vector<const graph::Node*> nodes_;
  graph::Tensors inputs_;
};

}  // namespace cornu::ops::internal
