#include "cornu/ops/internal/pointwise_nodes.h"

#include <algorithm>
#include <map>

#include "cornu/graph/leaf.h"
#include "cornu/ops/internal/floating.h"

namespace cornu::ops::internal {
namespace {

using Key = std::pair<const graph::Node*, int>;
Key key_of(const graph::Tensor& tensor) { return {&tensor.node(), tensor.index()}; }

Value formula_of(const graph::Node& node, const std::vector<Value>& inputs) {
  return dynamic_cast<const Pointwise&>(node.op()).formula(inputs);
}

}  // namespace

bool has_formula(const graph::Node& node) {
  if (node.outputs().size() != 1 || node.outputs()[0].shape.elements() == 0) return false;
  const auto* pointwise = dynamic_cast<const Pointwise*>(&node.op());
  if (!pointwise || !is_computed(node.outputs()[0].dtype)) return false;
  for (const graph::Tensor& input : node.inputs())
    if (!is_computed(input.dtype())) return false;
  return pointwise->has_formula();
}

bool better_alone(const graph::Node& node) {
  constexpr std::int64_t kFew = 2048;
  if (node.outputs()[0].shape.elements() <= kFew) return true;
  return !dynamic_cast<const Pointwise&>(node.op()).has_primitive();
}

std::optional<float> constant_number(const graph::Tensor& tensor) {
  const auto* constant = graph::as<graph::Constant>(tensor);
  if (!constant || constant->value.size() != 1 || !graph::is_floating(tensor.dtype())) return std::nullopt;
  return constant->value.item<float>();
}

void PointwiseNodes::add(const graph::Node& node) {
  for (const graph::Tensor& input : node.inputs()) {
    const bool inside = std::find(nodes_.begin(), nodes_.end(), &input.node()) != nodes_.end();
    const bool known = std::any_of(inputs_.begin(), inputs_.end(), [&](const graph::Tensor& t) { return t.same(input); });
    if (!inside && !known && !constant_number(input)) inputs_.push_back(input);
  }
  nodes_.push_back(&node);
}

Expression PointwiseNodes::expression(const std::vector<const graph::Node*>& outputs) const {
  Expression e(static_cast<int>(inputs_.size()));
  std::map<Key, Value> values;
  for (int i = 0; i < e.inputs; ++i) values[key_of(inputs_[static_cast<std::size_t>(i)])] = {&e, i};
  for (const graph::Node* node : nodes_) {
    std::vector<Value> in;
    for (const graph::Tensor& input : node->inputs()) {
      const auto number = constant_number(input);
      in.push_back(number ? Value{&e, e.constant(*number)} : values.at(key_of(input)));
    }
    values[{node, 0}] = formula_of(*node, in);
  }
  for (const graph::Node* node : outputs) e.outputs.push_back(values.at({node, 0}).step);
  e.prune();
  return e;
}

}  // namespace cornu::ops::internal
