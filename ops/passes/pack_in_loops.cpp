#include <algorithm>
#include <map>

#include "cornu/graph/internal/sweep.h"
#include "cornu/graph/leaf.h"
#include "cornu/ops/internal/loop_nodes.h"
#include "cornu/ops/internal/matmul_weights.h"
#include "cornu/ops/internal/scan_op.h"

// A matrix by which each step of a loop multiplies -> the same in its primitive's layout, packed once before the loop
// instead of in each step.
namespace cornu::ops {
namespace {

using graph::Node;
using internal::Matmul;
using internal::MatmulWeights;
using internal::Scan;

/// What packs input 1 of this product; nothing if that is no gain.
std::shared_ptr<MatmulWeights> weights_of(const Node& node) {
  const auto* matmul = graph::as<Matmul>(node.op());
  if (!matmul) return nullptr;
  const Spec &a = node.inputs()[0].spec(), &b = node.inputs()[1].spec();
  if (a.dtype != graph::float32 || b.shape.rank() != 2 || a.shape.elements() == 0) return nullptr;
  auto weights = std::make_shared<MatmulWeights>();
  const std::int64_t k = a.shape.back();
  weights->size = {a.shape.elements() / k, k, b.shape.elements() / k};
  weights->transposed = matmul->transpose_b;
  if (!internal::gains_by_packing(*matmul, weights->size) || !weights->choose_layout()) return nullptr;
  return weights;
}

/// The products of one matrix that all steps read, by the number of its parameter.
struct Products {
  std::vector<const Node*> nodes;
  std::shared_ptr<MatmulWeights> weights;  // nothing if another node reads the matrix, or in another way
};

std::map<int, Products> products_of(const Scan& scan) {
  std::map<int, Products> found;
  const auto constant = [&](const Tensor& t) -> Products* {
    const auto* p = graph::as<graph::Parameter>(t);
    return p && p->index >= scan.carries + scan.sequences ? &found[p->index] : nullptr;
  };
  for (const auto& node : internal::nodes_of(scan.body))
    for (std::size_t i = 0; i < node->inputs().size(); ++i) {
      Products* products = constant(node->inputs()[i]);
      if (!products) continue;
      auto weights = i == 1 ? weights_of(*node) : nullptr;
      const bool first = products->nodes.empty();
      products->nodes.push_back(node.get());
      if (first)
        products->weights = std::move(weights);
      else if (!weights || !products->weights || weights->size.m != products->weights->size.m ||
               weights->transposed != products->weights->transposed)
        products->weights = nullptr;
    }
  for (const Tensor& result : scan.body.tensors())
    if (Products* products = constant(result)) products->nodes.clear(), products->weights = nullptr;
  std::erase_if(found, [](const auto& each) { return !each.second.weights; });
  return found;
}

bool is_scan(const Node& node) { return graph::as<Scan>(node.op()) != nullptr; }

Tensors pack_in_loop(const Node& node, const Node&, const graph::Users&) {
  constexpr std::int64_t kSteps = 4;  // fewer do not pay for it
  const auto* scan = graph::as<Scan>(node.op());
  if (!scan || scan->length < kSteps) return {};
  const auto found = products_of(*scan);
  if (found.empty()) return {};

  Tensors inputs = node.inputs();
  graph::internal::Rebuild rebuild;
  const Tensors parameters = internal::parameters_of(scan->body, inputs.size());
  std::map<const Node*, const MatmulWeights*> packed;
  for (const auto& [index, products] : found) {
    Tensor& matrix = inputs[static_cast<std::size_t>(index)];
    const graph::Specs bytes = products.weights->infer({});
    matrix = Tensor(std::make_shared<const Node>(products.weights, Tensors{matrix}, bytes, node), 0);
    rebuild.put(parameters[static_cast<std::size_t>(index)], graph::parameter(index, bytes[0]));
    for (const Node* product : products.nodes) packed.emplace(product, products.weights.get());
  }
  for (const auto& each : internal::nodes_of(scan->body)) {
    const auto weights = packed.find(each.get());
    if (weights == packed.end()) continue;
    auto matmul = std::make_shared<Matmul>(dynamic_cast<const Matmul&>(each->op()));
    matmul->packed = internal::PackedKernel{each->inputs()[1].shape(), weights->second->layout};
    const auto made = std::make_shared<const Node>(std::move(matmul), rebuild(each->inputs()), each->outputs(), *each);
    for (int i = 0; i < static_cast<int>(each->outputs().size()); ++i) rebuild.put(Tensor(each, i), Tensor(made, i));
  }
  const auto op = scan->with_bodies({graph::Outputs(rebuild(scan->body.tensors()))});
  const auto made = std::make_shared<const Node>(op, std::move(inputs), node.outputs(), node);
  Tensors outputs;
  for (int i = 0; i < static_cast<int>(node.outputs().size()); ++i) outputs.emplace_back(made, i);
  return outputs;
}

const bool pack_in_loops_registered = graph::register_rewrite(
    "fusion", 4, "pack_in_loops",
    [](const graph::Outputs& outputs) { return graph::internal::sweep_where(outputs, is_scan, pack_in_loop); });

}  // namespace
}  // namespace cornu::ops
