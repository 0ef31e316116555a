#include "cornu/graph/internal/implements.h"
#include "cornu/graph/leaf.h"
#include "cornu/graph/passes/pass.h"
#include "cornu/ops/internal/contraction.h"
#include "cornu/ops/native/reshape.h"

// product + bias -> product with bias; then f(product) -> product with activation, of matrices and of convolutions: one
// step, the result written once.
namespace cornu::ops {
namespace {

using graph::Node;
using graph::Users;
using internal::Contraction;
using internal::EltwiseOp;

/// The product that is this tensor, if nobody else reads it and nothing follows it yet but what the caller allows.
const Contraction* private_product(const Tensor& tensor, const Users& users) {
  const auto* product = graph::internal::implements<Contraction>(tensor.node().op());
  if (!product || !product->takes_bias() || product->activation || product->epilogue || users.of(tensor) != 1)
    return nullptr;
  return product->sums(tensor.node().inputs()) ? product : nullptr;
}

Tensors replaced(const Node& node, std::shared_ptr<const Contraction> op, Tensors inputs) {
  return {Tensor(std::make_shared<const Node>(std::move(op), std::move(inputs), node.outputs(), node), 0)};
}

Tensors fuse_bias(const Node& node, const Users& users) {
  if (node.op().name() != "add") return {};
  for (int i : {0, 1}) {
    const Tensor &y = node.inputs()[i], &bias = node.inputs()[1 - i];
    const Contraction* product = private_product(y, users);
    if (!product) continue;
    const std::int64_t columns = y.shape().back();
    if (product->bias || y.shape() != node.outputs()[0].shape || bias.shape().elements() != columns ||
        bias.shape().empty() || bias.shape().back() != columns)
      continue;
    auto fused = product->copy();
    fused->bias = true;
    Tensors inputs = y.node().inputs();
    inputs.push_back(bias.ndim() == 1 ? bias : reshape(bias, {columns}));  // of axes of length 1 before it
    return replaced(node, std::move(fused), std::move(inputs));
  }
  return {};
}

Tensors fuse_activation(const Node& node, const Users& users) {
  const Contraction* product = node.inputs().empty() ? nullptr : private_product(node.inputs()[0], users);
  if (!product) return {};
  const auto function = std::dynamic_pointer_cast<const EltwiseOp>(node.op_ptr());
  if (!function || !function->as_post_op()) return {};
  auto fused = product->copy();
  fused->activation = function;
  return replaced(node, std::move(fused), node.inputs()[0].node().inputs());
}

const bool bias_rule = graph::register_rule("fusion", "contraction_1_bias", fuse_bias);
const bool activation_rule = graph::register_rule("fusion", "contraction_2_activation", fuse_activation);

}  // namespace
}  // namespace cornu::ops
