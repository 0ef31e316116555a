#include "cornu/graph/passes/constant_folding.h"

#include <omp.h>

#include <algorithm>
#include <unordered_map>

#include "cornu/graph/internal/sweep.h"
#include "cornu/graph/leaf.h"
#include "cornu/graph/plan.h"

namespace cornu::graph::passes {
namespace {

constexpr std::size_t kLargest = std::size_t{1} << 20;

bool worth_keeping(const Node& node) {
  std::size_t in = 0, out = 0;
  for (const Tensor& input : node.inputs()) in += input.spec().bytes();
  for (const Spec& spec : node.outputs()) out += spec.bytes();
  return out <= kLargest && out <= 2 * in;
}

}  // namespace

Outputs fold_constants(const Outputs& outputs, int threads) {
  // Per node that can be computed now: its outputs' places among the values that somebody else reads, -1 where nobody does.
  std::unordered_map<const Node*, std::vector<int>> known;
  const auto is_known = [&](const Tensor& tensor) { return as<Constant>(tensor) || known.contains(&tensor.node()); };
  Tensors wanted;
  const auto want = [&](const Tensor& tensor) {
    const auto found = known.find(&tensor.node());
    if (found == known.end() || found->second[tensor.index()] >= 0) return;
    found->second[tensor.index()] = static_cast<int>(wanted.size());
    wanted.push_back(tensor);
  };
  for (const auto& node : reachable(outputs)) {
    bool fixed = !node->inputs().empty() && !node->op().traits().stateful && worth_keeping(*node);
    for (std::size_t i = 0; fixed && i < node->inputs().size(); ++i) fixed = is_known(node->inputs()[i]);
    if (fixed) known.emplace(node.get(), std::vector<int>(node->outputs().size(), -1));
    else for (const Tensor& input : node->inputs()) want(input);
  }
  for (const Tensor& tensor : outputs.tensors()) want(tensor);
  for (const auto& [variable, value] : outputs.updates()) want(value);
  if (wanted.empty()) return outputs;

  std::vector<Array> values;
  for (const Tensor& tensor : wanted) values.emplace_back(tensor.spec());
  Plan(legalise(Outputs(wanted)), {}, threads > 0 ? threads : omp_get_max_threads()).run({}, values);
  return internal::sweep(outputs, [&](const Node& node, const Node& original, const Users&) -> Tensors {
    const auto found = known.find(&original);
    if (found == known.end() || as<Constant>(Tensor(node.shared_from_this(), 0))) return {};
    if (std::all_of(found->second.begin(), found->second.end(), [](int value) { return value < 0; })) return {};
    Tensors replaced;
    for (int i = 0; i < static_cast<int>(node.outputs().size()); ++i) {
      const int value = found->second[i];
      replaced.push_back(value >= 0 ? constant(values[value]) : Tensor(node.shared_from_this(), i));
    }
    return replaced;
  });
}

}  // namespace cornu::graph::passes
