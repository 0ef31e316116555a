// What is left of a loop where not all of it is read, or not all of it changes.
#include <unordered_set>

#include "cornu/graph/leaf.h"
#include "cornu/ops/internal/loop_nodes.h"
#include "cornu/ops/internal/scan_op.h"

namespace cornu::ops::internal {

using graph::Node;
using graph::internal::nodes_until;
using graph::internal::Rebuild;
using graph::internal::TensorMap;

namespace {

// What a loop needs for the results that are read.
struct Live {
  std::vector<bool> parameters, results;
};

Live live_of(const Scan& scan, std::size_t inputs, const std::vector<bool>& used) {
  Live live{std::vector<bool>(inputs), used};
  std::unordered_set<const Node*> seen;
  std::vector<const Node*> open;
  const auto see = [&](const Tensor& t) {
    if (seen.insert(&t.node()).second) open.push_back(&t.node());
  };
  const auto need = [&](std::size_t result) {
    live.results[result] = true;
    see(scan.body.tensors()[result]);
    if (result < static_cast<std::size_t>(scan.carries)) live.parameters[result] = true;
  };
  for (std::size_t i = 0; i < used.size(); ++i)
    if (used[i]) need(i);
  while (!open.empty()) {
    const Node& node = *open.back();
    open.pop_back();
    if (const auto* p = graph::as<graph::Parameter>(node.op())) {
      const auto index = static_cast<std::size_t>(p->index);
      live.parameters[index] = true;
      if (index < static_cast<std::size_t>(scan.carries) && !live.results[index]) need(index);
    }
    for (const Tensor& input : node.inputs()) see(input);
  }
  return live;
}

// What moves out of a loop: tensors of the body that depend on constants alone, with what they are outside.
std::vector<Binding> moved_out(const LoopParts& parts) {
  Rebuild outside;
  TensorMap<bool> constant, changing;
  for (const Binding& each : parts.constants) {
    outside.put(each.inner, each.outer);
    constant.put(each.inner, true);
  }
  for (const auto* list : {&parts.carries, &parts.sequences})
    for (const Binding& each : *list) changing.put(each.inner, true);
  Tensors wanted = parts.next;
  wanted.insert(wanted.end(), parts.outputs.begin(), parts.outputs.end());
  const auto stops = [&](const Tensor& t) { return constant.contains(t) || changing.contains(t); };
  const auto nodes = nodes_until(wanted, stops);
  std::unordered_set<const Node*> lasting, free;  // by constants, by nothing at all
  for (const auto& node : nodes) {
    bool lasts = !node->op().traits().stateful, any = false;
    for (const Tensor& t : node->inputs()) {
      lasts = lasts && (constant.contains(t) ||
                        (!changing.contains(t) && (lasting.contains(&t.node()) || free.contains(&t.node()))));
      any = any || constant.contains(t) || lasting.contains(&t.node());
    }
    if (lasts) (any ? lasting : free).insert(node.get());
  }
  std::vector<Binding> moved;
  TensorMap<bool> seen;
  Tensors open;
  const auto see = [&](const Tensor& t) {
    if (constant.contains(t) || !lasting.contains(&t.node()) || seen.contains(t)) return;
    seen.put(t, true);
    open.push_back(t);
  };
  for (const auto& node : nodes)
    if (!lasting.contains(node.get()))
      for (const Tensor& input : node->inputs()) see(input);
  for (const Tensor& t : wanted) see(t);
  while (!open.empty()) {
    const Tensor t = open.back();
    open.pop_back();
    if (made_larger(t.node()))
      for (const Tensor& input : t.node().inputs()) see(input);
    else
      moved.push_back({t, {}});
  }
  for (Binding& each : moved) each.outer = outside(each.inner);
  return moved;
}

}  // namespace

std::vector<bool> Scan::needed_inputs(const Node& node, const std::vector<bool>& used) const {
  return live_of(*this, node.inputs().size(), used).parameters;
}

Tensors Scan::reduced(const Node& node, const std::vector<bool>& used) const {
  const Tensors& inputs = node.inputs();
  const Live live = live_of(*this, inputs.size(), used);
  const Tensors parameters = parameters_of(body, inputs.size());
  const auto first_constant = static_cast<std::size_t>(carries + sequences), n = static_cast<std::size_t>(carries);

  LoopParts parts{.length = length, .reverse = reverse};
  bool changed = length == 1;
  // A carry that no step reads is another one in the end if both go on as the same tensor.
  const auto equal_carry = [&](std::size_t i) {
    for (std::size_t j = 0; j < n && length > 0 && !parameters[i].defined(); ++j)
      if (j != i && live.parameters[j] && body.tensors()[j].same(body.tensors()[i]) &&
          (parameters[j].defined() || j < i))
        return j;
    return i;
  };
  std::vector<int> place(used.size(), -1);  // of an output in the loop that is left
  Tensors results(used.size());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (!live.parameters[i] || (i >= n && !parameters[i].defined())) {
      changed = true;
      continue;
    }
    if (i >= first_constant) {
      parts.constants.push_back({parameters[i], inputs[i]});
    } else if (i >= n) {
      parts.sequences.push_back({parameters[i], inputs[i]});
    } else if (parameters[i].defined() && body.tensors()[i].same(parameters[i])) {  // never changes
      parts.constants.push_back({parameters[i], inputs[i]});
      results[i] = inputs[i];
      changed = true;
    } else if (equal_carry(i) != i) {
      changed = true;
    } else {
      place[i] = static_cast<int>(parts.carries.size());
      // One that no step reads has a parameter all the same.
      const Tensor inner =
          parameters[i].defined() ? parameters[i] : graph::parameter(static_cast<int>(i), inputs[i].spec());
      parts.carries.push_back({inner, inputs[i]});
      parts.next.push_back(body.tensors()[i]);
    }
  }
  for (std::size_t i = n; i < used.size(); ++i) {
    if (!live.results[i]) {
      changed = true;
      continue;
    }
    place[i] = static_cast<int>(parts.next.size() + parts.outputs.size());
    parts.outputs.push_back(body.tensors()[i]);
  }
  if (parts.next.empty() && parts.outputs.empty()) return results;  // all carries stay as they are

  for (const Binding& each : moved_out(parts)) {
    parts.constants.push_back(each);
    changed = true;
  }
  if (!changed) return {};
  Tensors made;
  if (length == 1) {
    made = unrolled(parts);
  } else {
    const Loop loop(parts, false);
    made = loop.carries();
    for (const Tensor& t : loop.outputs()) made.push_back(t);
  }
  for (std::size_t i = 0; i < used.size(); ++i)
    if (place[i] >= 0) results[i] = made[static_cast<std::size_t>(place[i])];
  for (std::size_t i = 0; i < n; ++i)
    if (live.parameters[i] && !results[i].defined()) results[i] = results[equal_carry(i)];
  return results;
}

}  // namespace cornu::ops::internal
