#include <algorithm>

#include "cornu/graph/internal/implements.h"
#include "cornu/graph/passes/pass.h"
#include "cornu/ops/bfloat16.h"
#include "cornu/ops/native/cast.h"

// op(bfloat16) -> cast(op(cast(…))) in float32, for the ops that do not take bfloat16 themselves. A cast to bfloat16
// and back is a rounding and stays; one to float32 and back is nothing.
namespace cornu::ops {

TakesBFloat16::~TakesBFloat16() = default;
bool TakesBFloat16::takes_bfloat16(const graph::Specs&, const graph::Specs&) const { return true; }

namespace {

using graph::Node;
using graph::Specs;

bool any_bfloat16(const Specs& specs) {
  for (const graph::Spec& spec : specs)
    if (spec.dtype == graph::bfloat16) return true;
  return false;
}

/// A cast in the name scope of the node that needs it.
Tensor cast_within(const Node& node, const Tensor& x, graph::DType dtype) {
  const Tensor plain = cast(x, dtype);
  return Tensor(
      std::make_shared<const Node>(plain.node().op_ptr(), plain.node().inputs(), plain.node().outputs(), node), 0);
}

Tensors without_way_back(const Node& node) {
  if (node.op().name() != "cast" || node.outputs()[0].dtype != graph::bfloat16) return {};
  const Node& before = node.inputs()[0].node();
  if (before.op().name() != "cast" || node.inputs()[0].dtype() != graph::float32) return {};
  return before.inputs()[0].dtype() == graph::bfloat16 ? before.inputs() : Tensors{};
}

Tensors lower(const Node& node, const graph::Users&) {
  if (node.inputs().empty()) return {};
  const bool reads = std::any_of(node.inputs().begin(), node.inputs().end(),
                                 [](const Tensor& input) { return input.dtype() == graph::bfloat16; });
  if (!reads && !any_bfloat16(node.outputs())) return {};
  Specs in;
  for (const Tensor& input : node.inputs()) in.push_back(input.spec());
  const auto* able = graph::internal::implements<TakesBFloat16>(node.op());
  if (able && able->takes_bfloat16(in, node.outputs())) return without_way_back(node);

  Tensors inputs;
  for (std::size_t i = 0; i < in.size(); ++i) {
    const bool wide = in[i].dtype == graph::bfloat16;
    inputs.push_back(wide ? cast_within(node, node.inputs()[i], graph::float32) : node.inputs()[i]);
    if (wide) in[i].dtype = graph::float32;
  }
  const auto computed = std::make_shared<const Node>(node.op_ptr(), std::move(inputs), node.op().infer(in), node);
  Tensors outputs;
  for (std::size_t i = 0; i < node.outputs().size(); ++i) {
    const Tensor y(computed, static_cast<int>(i));
    outputs.push_back(y.dtype() == node.outputs()[i].dtype ? y : cast_within(node, y, node.outputs()[i].dtype));
  }
  return outputs;
}

const bool lower_bfloat16_registered = graph::register_rule("lowering", "bfloat16", lower);

}  // namespace
}  // namespace cornu::ops
