#include "cornu/graph/passes/internal/constant_folding.h"

#include <omp.h>

#include <algorithm>

#include "cornu/graph/internal/sweep.h"
#include "cornu/graph/leaf.h"
#include "cornu/graph/plan/internal/plan.h"

namespace cornu::graph {
namespace passes {
namespace {

constexpr std::size_t kLargest = std::size_t{1} << 20;

bool worth_keeping(const Node& node) {
  std::size_t in = 0, out = 0;
  for (const Tensor& input : node.inputs()) in += input.spec().bytes();
  for (const Spec& spec : node.outputs()) out += spec.bytes();
  return out <= kLargest && out <= 2 * in;
}

}  // namespace
}  // namespace passes

internal::Visit internal::folding(int threads) {
  return [threads](const Node& node, const Node&, const Users&) -> Tensors {
    const Tensors& inputs = node.inputs();
    if (inputs.empty() ||
        !std::all_of(inputs.begin(), inputs.end(), [](const Tensor& input) { return as<Constant>(input); }))
      return {};
    if (node.op().traits().stateful || !passes::worth_keeping(node)) return {};
    Tensors computed, constants;
    std::vector<Array> values;
    for (int i = 0; i < static_cast<int>(node.outputs().size()); ++i) {
      computed.emplace_back(node.shared_from_this(), i);
      values.emplace_back(computed.back().spec());
    }
    Plan(legalise(Outputs(std::move(computed))), {}, threads > 0 ? threads : omp_get_max_threads()).run({}, values);
    for (const Array& value : values) constants.push_back(constant(value));
    return constants;
  };
}

Outputs passes::fold_constants(const Outputs& outputs, int threads) {
  return internal::sweep(outputs, internal::folding(threads));
}

}  // namespace cornu::graph
