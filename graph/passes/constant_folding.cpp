#include "cornu/graph/passes/constant_folding.h"

#include <omp.h>

#include <map>

#include "cornu/graph/internal/node_table.h"
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
  const auto nodes = reachable(outputs);
  if (nodes.empty()) return outputs;
  enum Kind : char { kVaries, kConstant, kComputable };
  internal::NodeTable<Kind> kinds(nodes.front()->id(), nodes.back()->id(), nodes.size());
  bool any = false;
  for (const auto& node : nodes) {
    Kind kind = kComputable;
    if (node->inputs().empty()) kind = dynamic_cast<const Constant*>(&node->op()) ? kConstant : kVaries;
    for (const Tensor& input : node->inputs())
      if (kinds[input.node()] == kVaries) kind = kVaries;
    if (kind == kComputable && (node->op().traits().stateful || !worth_keeping(*node))) kind = kVaries;
    kinds[*node] = kind;
    any = any || kind == kComputable;
  }
  if (!any) return outputs;

  // What somebody else reads of it is computed, all at once.
  std::map<std::pair<const Node*, int>, std::size_t> places;
  Tensors wanted;
  const auto want = [&](const Tensor& tensor) {
    if (kinds[tensor.node()] == kComputable && places.try_emplace({&tensor.node(), tensor.index()}, wanted.size()).second) wanted.push_back(tensor);
  };
  for (const auto& node : nodes)
    if (kinds[*node] == kVaries)
      for (const Tensor& input : node->inputs()) want(input);
  for (const Tensor& tensor : outputs.tensors()) want(tensor);
  for (const auto& [variable, value] : outputs.updates()) want(value);
  std::vector<Array> values;
  for (const Tensor& tensor : wanted) values.emplace_back(tensor.spec());
  Plan(legalise(Outputs(wanted)), {}, threads > 0 ? threads : omp_get_max_threads()).run({}, values);
  return internal::sweep(outputs, [&](const Node& node, const Node& original, const Users&) -> Tensors {
    Tensors replaced;
    bool computed = false;
    if (node.inputs().empty()) return {};
    for (int i = 0; i < static_cast<int>(node.outputs().size()); ++i) {
      const auto place = places.find({&original, i});
      computed = computed || place != places.end();
      replaced.push_back(place != places.end() ? constant(values[place->second]) : Tensor(node.shared_from_this(), i));
    }
    return computed ? replaced : Tensors();
  });
}

}  // namespace cornu::graph::passes
