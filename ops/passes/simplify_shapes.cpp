#include <algorithm>

#include "cornu/graph/passes/pass.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/transpose.h"
#include "cornu/ops/passes/internal/match.h"

// Two ops in a row that move the same elements become one, or none.
namespace cornu::ops {
namespace {

using graph::Node;
using graph::Shape;
using graph::Users;
using internal::integers_field;
using internal::is;

Tensors reshape_of_reshape(const Node& node, const Users&) {
  if (!is(node, "reshape") || !is(node.inputs()[0], "reshape")) return {};
  return {reshape(node.inputs()[0].node().inputs()[0], node.outputs()[0].shape)};
}

Tensors transpose_of_transpose(const Node& node, const Users&) {
  if (!is(node, "transpose") || !is(node.inputs()[0], "transpose")) return {};
  const Node& inner = node.inputs()[0].node();
  const auto first = integers_field(inner.op(), "axes"), second = integers_field(node.op(), "axes");
  if (first.size() != second.size() || second.empty()) return {};
  std::vector<int> axes;
  for (const std::int64_t axis : second) axes.push_back(static_cast<int>(first.at(axis)));
  return {transpose(inner.inputs()[0], axes)};
}

Tensors broadcast_of_broadcast(const Node& node, const Users&) {
  if (!is(node, "broadcast_to")) return {};
  const Tensor& x = node.inputs()[0];
  if (x.spec() == node.outputs()[0]) return {x};
  if (!is(x, "broadcast_to")) return {};
  return {broadcast_to(x.node().inputs()[0], node.outputs()[0].shape)};
}

// Ops that broadcast by themselves need no operand written out. Those alone that give the same bits whichever of their
// kernels runs.
Tensors broadcast_operand(const Node& node, const Users&) {
  static constexpr std::string_view kBroadcasting[] = {
      "add",       "subtract", "multiply",      "divide",      "maximum",    "minimum", "equal",
      "not_equal", "greater",  "greater_equal", "logical_and", "logical_or", "where"};
  Tensors inputs = node.inputs();
  bool changed = false;
  for (Tensor& input : inputs) {
    if (!is(input, "broadcast_to")) continue;
    if (std::find(std::begin(kBroadcasting), std::end(kBroadcasting), node.op().name()) == std::end(kBroadcasting))
      return {};
    const Tensor before = input;
    input = input.node().inputs()[0];
    // the others must give the shape
    Shape shape;
    for (const Tensor& each : inputs) shape = graph::broadcast(shape, each.shape());
    if (shape == node.outputs()[0].shape)
      changed = true;
    else
      input = before;
  }
  if (!changed) return {};
  return {graph::apply1(node.op_ptr(), std::move(inputs))};
}

const bool reshape_rule = graph::register_rule("simplification", "shapes_reshape_of_reshape", reshape_of_reshape);
const bool transpose_rule =
    graph::register_rule("simplification", "shapes_transpose_of_transpose", transpose_of_transpose);
const bool broadcast_rule =
    graph::register_rule("simplification", "shapes_broadcast_of_broadcast", broadcast_of_broadcast);
const bool operand_rule = graph::register_rule("simplification", "shapes_broadcast_operand", broadcast_operand);

}  // namespace
}  // namespace cornu::ops
