#include <optional>
#include <unordered_set>

#include "cornu/graph/internal/sweep.h"
#include "cornu/graph/leaf.h"
#include "cornu/graph/passes/internal/layout.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/internal/convolution_op.h"
#include "cornu/ops/internal/matmul_op.h"
#include "cornu/ops/native/reshape.h"

// A product times a number for each column, where that and the weights last -> the product with weights that are scaled
// once: what is left of a normalization in inference is a bias.
namespace cornu::ops {
namespace {

using graph::Node;
using internal::Contraction;

/// One whose second input's columns are those of its result.
const Contraction* scalable(const Node& node) {
  if (const auto* convolution = graph::as<internal::Convolution>(node.op())) return convolution;
  const auto* product = graph::as<internal::Matmul>(node.op());
  return product && !product->transpose_b && node.inputs()[1].ndim() == 2 ? product : nullptr;
}

bool is_row(const Tensor& t, std::int64_t columns) {
  return t.shape().elements() == columns && !t.shape().empty() && t.shape().back() == columns;
}

bool scales_a_product(const Node& node) {
  return node.op().name() == "multiply" && (scalable(node.inputs()[0].node()) || scalable(node.inputs()[1].node()));
}

graph::Outputs fold_scales(const graph::Outputs& outputs) {
  std::optional<std::unordered_set<const Node*>> lasting;  // looked for once somebody asks
  const auto lasts = [&](const Tensor& t) {
    if (!lasting) lasting = graph::passes::lasting_nodes(outputs);
    return lasting->contains(&t.node());
  };
  bool folded = false;
  const auto fold = [&](const Node& node, const Node& original, const graph::Users& users) -> Tensors {
    if (node.op().name() != "multiply" || original.op().name() != "multiply") return {};
    for (const int i : {0, 1}) {
      const Tensor &product = node.inputs()[i], &scale = node.inputs()[1 - i], &before = original.inputs()[i];
      const Contraction* op = scalable(product.node());
      if (!op || op->bias || op->activation || op->epilogue || users.of(product) != 1) continue;
      const std::int64_t columns = product.shape().back();
      if (product.spec() != node.outputs()[0] || product.dtype() != graph::float32 || !is_row(scale, columns)) continue;
      if (before.node().inputs().size() < 2 || !lasts(original.inputs()[1 - i]) || !lasts(before.node().inputs()[1]))
        continue;
      Tensors inputs = product.node().inputs();
      inputs[1] = inputs[1] * reshape(scale, {columns});
      folded = true;
      return {Tensor(std::make_shared<const Node>(op->copy(), std::move(inputs), node.outputs(), product.node()), 0)};
    }
    return {};
  };
  const graph::Outputs made = graph::internal::sweep_where(outputs, scales_a_product, fold);
  if (!folded) return outputs;
  // What is added is the product's bias now.
  return graph::internal::sweep(made, graph::internal::visit_of(graph::internal::rules_of("fusion")));
}

const bool fold_registered = graph::register_rewrite("fusion", 0, "fold_scale", fold_scales);

}  // namespace
}  // namespace cornu::ops
