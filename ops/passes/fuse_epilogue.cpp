#include <algorithm>

#include "cornu/graph/internal/implements.h"
#include "cornu/graph/internal/sweep.h"
#include "cornu/graph/leaf.h"
#include "cornu/ops/internal/epilogue.h"
#include "cornu/ops/internal/floating.h"
#include "cornu/ops/internal/fused_op.h"
#include "cornu/ops/internal/grid.h"
#include "cornu/ops/internal/pointwise_nodes.h"

// Elementwise work on what a product, convolution or pooling computes and nobody else reads -> its epilogue: a ReLU,
// its gradient's mask, a normalization, an optimizer's update of the weights, applied section by section while the
// result is in cache.
namespace cornu::ops {
namespace {

using graph::Node;
using internal::Epilogue;
using internal::Expression;
using internal::TakesEpilogue;

/// The formula of a fused chain or of a single op, with what it reads, and the shape of what it goes over.
struct Chain {
  Expression expression;
  Tensors inputs;
  Shape shape;
  std::vector<double> factors = {};  // of the sums
  std::int64_t columns = 0;
};

std::optional<Chain> chain_of(const Node& node) {
  if (const auto* f = graph::as<internal::Fused>(node.op())) {
    if (!f->read.empty() || !f->joined.empty()) return std::nullopt;
    return Chain{f->expression, node.inputs(), f->shape, f->factors, f->columns};
  }
  if (!internal::has_formula(node)) return std::nullopt;
  internal::PointwiseNodes one;
  one.add(node);
  return Chain{one.expression({&node}), one.inputs(), node.outputs()[0].shape};
}

/// Rows and columns of what an op computes that can have an epilogue, and has none.
std::optional<std::pair<std::int64_t, std::int64_t>> open_end(const Node& node) {
  const auto* op = graph::internal::implements<TakesEpilogue>(node.op());
  if (!op || op->epilogue) return std::nullopt;
  return op->rows_and_columns(node.inputs(), node.outputs()[0].shape);
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
  const auto alone = [&](const Tensor& input) { return users.of(input) == 1 && open_end(input.node()); };
  if (std::none_of(node.inputs().begin(), node.inputs().end(), alone)) return {};
  auto chain = chain_of(node);
  if (!chain) return {};
  std::vector<Shape> shapes;
  for (const Tensor& input : chain->inputs) shapes.push_back(input.shape());
  for (std::size_t i = 0; i < chain->inputs.size(); ++i) {
    const Tensor product = chain->inputs[i];
    if (!alone(product) || product.shape() != chain->shape) continue;
    const auto size = open_end(product.node());
    if (!chain->factors.empty() && chain->columns != size->second) continue;
    if (!internal::grid_of(product.shape(), shapes, size)) continue;
    put_first(*chain, i);
    const Node& before = product.node();
    auto op = dynamic_cast<const TakesEpilogue&>(before.op())
                  .with(std::make_shared<const Epilogue>(
                      Epilogue{std::move(chain->expression), node.outputs(), std::move(chain->factors)}));
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
