#include <algorithm>

#include "cornu/graph/internal/sweep.h"
#include "cornu/graph/leaf.h"
#include "cornu/ops/internal/floating.h"
#include "cornu/ops/internal/fused_op.h"
#include "cornu/ops/internal/grid.h"
#include "cornu/ops/internal/matmul_op.h"
#include "cornu/ops/internal/pointwise_nodes.h"

// Elementwise work on a product that nobody else reads -> the product's epilogue: a ReLU, its gradient's mask, an
// optimizer's update of the weights, applied section by section while the product is in cache.
namespace cornu::ops {
namespace {

using graph::Node;
using internal::Expression;
using internal::Matmul;

/// The formula of a fused chain or of a single op, with what it reads.
struct Chain {
  Expression expression;
  Tensors inputs;
};

std::optional<Chain> chain_of(const Node& node) {
  if (const auto* fused = graph::as<internal::Fused>(node.op())) {
    if (!fused->factors.empty()) return std::nullopt;
    return Chain{fused->expression, node.inputs()};
  }
  if (!internal::has_formula(node)) return std::nullopt;
  internal::PointwiseNodes one;
  one.add(node);
  return Chain{one.expression({&node}), one.inputs()};
}

/// Rows and columns of the product as one matrix; nothing if it is not one, has an epilogue already or sums nothing.
std::optional<std::pair<std::int64_t, std::int64_t>> single_product(const Node& node) {
  const auto* product = graph::as<Matmul>(node.op());
  if (!product || product->epilogue) return std::nullopt;
  const Shape &a = node.inputs()[0].shape(), &b = node.inputs()[1].shape(), &y = node.outputs()[0].shape;
  if (b.rank() != 2 || (a.rank() != 2 && product->transpose_a) || y.elements() == 0 || b.elements() == 0)
    return std::nullopt;
  return std::pair{y.elements() / y.back(), y.back()};
}

/// Input `first` changes places with input 0.
void put_first(Chain& chain, std::size_t first) {
  std::swap(chain.inputs[0], chain.inputs[first]);
  const int k = static_cast<int>(first);
  const auto exchange = [&](int& step) { step = step == 0 ? k : step == k ? 0 : step; };
  for (std::size_t i = static_cast<std::size_t>(chain.expression.inputs); i < chain.expression.steps.size(); ++i) {
    Expression::Step& step = chain.expression.steps[i];
    int* operand[] = {&step.a, &step.b, &step.c, &step.d};
    for (int n = 0; n < chain.expression.operands(step); ++n) exchange(*operand[n]);
  }
  for (int& output : chain.expression.outputs) exchange(output);
}

Tensors fuse_epilogue(const Node& node, const Node&, const graph::Users& users) {
  const auto own_product = [&](const Tensor& input) {
    return users.of(input) == 1 && input.shape() == node.outputs()[0].shape && single_product(input.node());
  };
  if (std::none_of(node.inputs().begin(), node.inputs().end(), own_product)) return {};
  auto chain = chain_of(node);
  if (!chain) return {};
  for (std::size_t i = 0; i < chain->inputs.size(); ++i) {
    const Tensor product = chain->inputs[i];
    if (!own_product(product)) continue;
    const auto size = single_product(product.node());
    std::vector<Shape> shapes;
    for (const Tensor& input : chain->inputs) shapes.push_back(input.shape());
    if (!internal::grid_of(product.shape(), shapes, size)) continue;
    put_first(*chain, i);
    const Node& before = product.node();
    auto op = std::make_shared<Matmul>(static_cast<const Matmul&>(before.op()));
    op->epilogue = std::make_shared<const Expression>(std::move(chain->expression));
    op->results = node.outputs();
    Tensors inputs = before.inputs();
    inputs.insert(inputs.end(), chain->inputs.begin() + 1, chain->inputs.end());
    const auto made = std::make_shared<const Node>(std::move(op), std::move(inputs), node.outputs(), before);
    Tensors outputs;
    for (int k = 0; k < static_cast<int>(node.outputs().size()); ++k) outputs.emplace_back(made, k);
    return outputs;
  }
  return {};
}

graph::Outputs fuse_epilogues(const graph::Outputs& outputs) { return graph::internal::sweep(outputs, fuse_epilogue); }

const bool fuse_epilogue_registered = graph::register_rewrite("fusion", 2, "epilogue", fuse_epilogues);

}  // namespace
}  // namespace cornu::ops
