#include "cornu/graph/leaf.h"
#include "cornu/graph/passes/pass.h"
#include "cornu/ops/internal/matmul_op.h"

// matmul + bias -> matmul with bias; then f(matmul) -> matmul with activation: one step, the result written once.
namespace cornu::ops {
namespace {

using graph::Node;
using graph::Users;
using internal::EltwiseOp;
using internal::Matmul;

/// The matmul that made this tensor, if nobody else reads it and nothing follows the product yet but what the caller
/// allows; nothing where nothing is summed.
const Matmul* private_product(const Tensor& tensor, const Users& users) {
  const auto* product = graph::as<Matmul>(tensor);
  const bool sums = product && tensor.node().inputs()[1].shape().elements() > 0;
  return sums && !product->activation && users.of(tensor) == 1 ? product : nullptr;
}

Tensors replaced(const Node& node, std::shared_ptr<const Matmul> op, Tensors inputs) {
  return {Tensor(std::make_shared<const Node>(std::move(op), std::move(inputs), node.outputs(), node), 0)};
}

Tensors fuse_bias(const Node& node, const Users& users) {
  if (node.op().name() != "add") return {};
  for (int i : {0, 1}) {
    const Tensor &y = node.inputs()[i], &bias = node.inputs()[1 - i];
    const Matmul* product = private_product(y, users);
    if (!product || product->bias || y.shape() != node.outputs()[0].shape || bias.shape() != Shape{y.shape().back()})
      continue;
    auto fused = std::make_shared<Matmul>(*product);
    fused->bias = true;
    Tensors inputs = y.node().inputs();
    inputs.push_back(bias);
    return replaced(node, std::move(fused), std::move(inputs));
  }
  return {};
}

Tensors fuse_activation(const Node& node, const Users& users) {
  const Matmul* product = node.inputs().empty() ? nullptr : private_product(node.inputs()[0], users);
  if (!product) return {};
  const auto function = std::dynamic_pointer_cast<const EltwiseOp>(node.op_ptr());
  if (!function || !function->as_post_op()) return {};
  auto fused = std::make_shared<Matmul>(*product);
  fused->activation = function;
  return replaced(node, std::move(fused), node.inputs()[0].node().inputs());
}

const bool bias_rule = graph::register_rule("fusion", "matmul_1_bias", fuse_bias);
const bool activation_rule = graph::register_rule("fusion", "matmul_2_activation", fuse_activation);

}  // namespace
}  // namespace cornu::ops
