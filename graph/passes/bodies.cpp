#include "cornu/graph/passes/internal/bodies.h"

#include <algorithm>
#include <unordered_set>

#include "cornu/graph/bodies.h"
#include "cornu/graph/internal/implements.h"
#include "cornu/graph/internal/rebuild.h"
#include "cornu/graph/internal/sweep.h"
#include "cornu/graph/passes/pass.h"

namespace cornu::graph::passes {
namespace {

const HasBodies* loop(const Node& node) { return internal::implements<HasBodies>(node.op()); }

using Nodes = std::vector<std::shared_ptr<const Node>>;

bool any_bodies(const Nodes& nodes) {
  return std::any_of(nodes.begin(), nodes.end(), [](const auto& node) { return loop(*node) != nullptr; });
}

using Used = std::unordered_map<const Node*, std::vector<bool>>;  // by output

// Of the nodes that are needed at all.
Used used_outputs(const Outputs& outputs, const Nodes& nodes) {
  Used used;
  const auto use = [&](const Tensor& tensor) {
    auto& list = used[&tensor.node()];
    list.resize(tensor.node().outputs().size());
    list[static_cast<std::size_t>(tensor.index())] = true;
  };
  for (const Tensor& tensor : outputs.tensors()) use(tensor);
  for (const auto& [variable, value] : outputs.updates()) use(value);
  for (auto at = nodes.rbegin(); at != nodes.rend(); ++at) {
    const Node& node = **at;
    const auto found = used.find(&node);
    if (found == used.end()) continue;
    const auto* of = loop(node);
    const auto needed = of ? of->needed_inputs(node, found->second) : std::vector<bool>();
    for (std::size_t i = 0; i < node.inputs().size(); ++i)
      if (!of || needed[i]) use(node.inputs()[i]);
  }
  return used;
}

}  // namespace

Outputs reduce_bodies(const Outputs& outputs) {
  const Nodes nodes = reachable(outputs);
  if (!any_bodies(nodes)) return outputs;
  const Used used = used_outputs(outputs, nodes);
  internal::TensorMap<Tensor> now;
  const auto current = [&](const Tensor& old) { return *now.find(old); };
  bool changed = false;
  for (const auto& node : nodes) {
    const auto found = used.find(node.get());
    if (found == used.end()) continue;
    Tensors inputs;
    for (const Tensor& input : node->inputs()) {
      const Tensor* made = now.find(input);
      inputs.push_back(made && made->defined() ? *made : input);  // one that is not needed stays as it is
    }
    // Behind the first change every node is made anew, as in a sweep.
    const bool fresh = changed && !inputs.empty();
    const auto same = fresh ? std::make_shared<const Node>(*node, std::move(inputs)) : node;
    Tensors made;
    if (const auto* of = loop(*same)) {
      const NameScope scope(*node);
      made = of->reduced(*same, found->second);
      changed = changed || !made.empty();
    }
    for (int i = 0; i < static_cast<int>(node->outputs().size()); ++i)
      now.put(Tensor(node, i), made.empty() ? Tensor(same, i) : made[static_cast<std::size_t>(i)]);
  }
  return changed ? outputs.rewritten(current) : outputs;
}

Outputs rewrite_bodies(const Outputs& outputs, const std::function<Outputs(const Outputs& body)>& rewrite) {
  if (!any_bodies(reachable(outputs))) return outputs;
  std::unordered_set<const Op*> done;
  std::vector<std::shared_ptr<const Op>> kept;  // so that no other op gets the address of one that is done
  return internal::sweep(outputs, [&](const Node& node, const Node&, const Users&) -> Tensors {
    const auto* of = loop(node);
    if (!of || done.contains(&node.op())) return {};
    std::vector<Outputs> bodies;
    for (const Outputs* body : of->bodies()) bodies.push_back(rewrite(*body));
    auto op = of->with_bodies(std::move(bodies));
    done.insert(op.get());
    kept.push_back(op);
    const auto made = std::make_shared<const Node>(std::move(op), node.inputs(), node.outputs(), node);
    Tensors results;
    for (int i = 0; i < static_cast<int>(node.outputs().size()); ++i) results.emplace_back(made, i);
    return results;
  });
}

Outputs optimise_bodies(const Outputs& outputs, int threads) {
  if (!any_bodies(reachable(outputs))) return outputs;
  const Outputs optimised =
      rewrite_bodies(reduce_bodies(outputs), [&](const Outputs& body) { return optimise(body, threads); });
  return reduce_bodies(optimised);
}

}  // namespace cornu::graph::passes
