#include "cornu/ops/internal/pointwise_nodes.h"

#include <algorithm>

#include "cornu/graph/internal/implements.h"
#include "cornu/graph/leaf.h"
#include "cornu/ops/internal/floating.h"

namespace cornu::ops::internal {
namespace {

const Pointwise& pointwise(const graph::Node& node) { return *graph::internal::implements<Pointwise>(node.op()); }

}  // namespace

bool has_formula(const graph::Node& node) {
  if (node.outputs().size() != 1 || node.outputs()[0].shape.elements() == 0) return false;
  const auto* pointwise = graph::internal::implements<Pointwise>(node.op());
  if (!pointwise || !is_computed(node.outputs()[0].dtype)) return false;
  for (const graph::Tensor& input : node.inputs())
    if (!is_computed(input.dtype())) return false;
  return pointwise->has_formula();
}

bool better_alone(const graph::Node& node) {
  constexpr std::int64_t kFew = 2048;
  if (node.outputs()[0].shape.elements() <= kFew) return true;
  return !pointwise(node).has_primitive();
}

std::optional<float> constant_number(const graph::Tensor& tensor) {
  const auto* constant = graph::as<graph::Constant>(tensor);
  if (!constant || constant->value.size() != 1 || !graph::is_floating(tensor.dtype())) return std::nullopt;
  return constant->value.item<float>();
}

void PointwiseNodes::add(const graph::Node& node) {
  for (const graph::Tensor& input : node.inputs()) {
    const bool inside = std::find(nodes_.begin(), nodes_.end(), &input.node()) != nodes_.end();
    const bool known =
        std::any_of(inputs_.begin(), inputs_.end(), [&](const graph::Tensor& t) { return t.same(input); });
    if (!inside && !known && !constant_number(input)) inputs_.push_back(input);
  }
  nodes_.push_back(&node);
}

Expression PointwiseNodes::expression(const std::vector<const graph::Node*>& outputs) const {
  Expression e(static_cast<int>(inputs_.size()));
  std::vector<Value> values;  // of the nodes: few, and mostly the last ones are looked for
  values.reserve(nodes_.size());
  const auto value_of = [&](const graph::Tensor& tensor) -> Value {
    for (std::size_t i = values.size(); i-- > 0;)
      if (nodes_[i] == &tensor.node()) return values[i];
    const auto input =
        std::find_if(inputs_.begin(), inputs_.end(), [&](const graph::Tensor& t) { return t.same(tensor); });
    return {&e, static_cast<int>(input - inputs_.begin())};
  };
  std::vector<Value> in;
  for (const graph::Node* node : nodes_) {
    in.clear();
    for (const graph::Tensor& input : node->inputs()) {
      const auto number = constant_number(input);
      in.push_back(number ? Value{&e, e.constant(*number)} : value_of(input));
    }
    values.push_back(pointwise(*node).formula(in));
  }
  for (const graph::Node* node : outputs)
    e.outputs.push_back(
        values[static_cast<std::size_t>(std::find(nodes_.begin(), nodes_.end(), node) - nodes_.begin())].step);
  e.prune();
  return e;
}

}  // namespace cornu::ops::internal
