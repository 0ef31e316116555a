#include <algorithm>
#include <unordered_set>

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/ops/composite/stack.h"
#include "cornu/ops/internal/loop_nodes.h"
#include "cornu/ops/internal/scan_op.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/slice.h"

namespace cornu::ops::internal {

using graph::Node;
using graph::internal::nodes_until;
using graph::internal::Rebuild;
using graph::internal::TensorMap;

bool made_larger(const Node& node) {
  std::size_t in = 0, out = 0;
  for (const Tensor& input : node.inputs()) in += input.spec().bytes();
  for (const graph::Spec& spec : node.outputs()) out += spec.bytes();
  return out > 2 * in;
}

bool computed_again(const Node& node) {
  const graph::Traits traits = node.op().traits();
  return traits.view || (!node.inputs().empty() && !traits.stateful && made_larger(node));
}

std::vector<std::shared_ptr<const Node>> nodes_of(const graph::Outputs& body) {
  return nodes_until(body.tensors(), [](const Tensor&) { return false; });
}

Tensors parameters_of(const graph::Outputs& body, std::size_t count) {
  Tensors list(count);
  for (const auto& node : nodes_of(body))
    if (const auto* p = graph::as<graph::Parameter>(node->op()))
      list[static_cast<std::size_t>(p->index)] = Tensor(node, 0);
  return list;
}

namespace {

Tensors inner(const LoopParts& parts) {
  Tensors all;
  for (const auto* list : {&parts.carries, &parts.sequences, &parts.constants})
    for (const Binding& each : *list) all.push_back(each.inner);
  return all;
}

Tensors results(const LoopParts& parts) {
  Tensors all = parts.next;
  all.insert(all.end(), parts.outputs.begin(), parts.outputs.end());
  return all;
}

// What a body is made of: the nodes that depend on its inputs, and what those read of others.
class Captures {
 public:
  explicit Captures(const LoopParts& parts) : begin_(parts.begin), who_(parts.who) {
    for (const Tensor& t : inner(parts)) bound_.put(t, true);
    const Tensors wanted = results(parts);
    const auto stops = [&](const Tensor& t) { return bound_.contains(t) || t.node().id() < begin_; };
    std::unordered_set<const Node*> depends;
    const auto free = [&](const Tensor& t) { return !bound_.contains(t) && !depends.contains(&t.node()); };
    for (auto& node : nodes_until(wanted, stops)) {
      const Tensors& inputs = node->inputs();
      if (std::all_of(inputs.begin(), inputs.end(), free)) continue;
      depends.insert(node.get());
      nodes_.push_back(std::move(node));
    }
    for (const auto& node : nodes_)
      for (const Tensor& input : node->inputs())
        if (free(input)) capture(input);
    for (const Tensor& t : wanted)
      if (free(t)) capture(t);
  }

  const Tensors& tensors() const { return captured_; }
  const std::vector<std::shared_ptr<const Node>>& nodes() const { return nodes_; }
  bool bound(const Tensor& t) const { return bound_.contains(t); }

 private:
  // Numbers stay in the body, and so do tensors that are much larger than what they are made of: a loop over elements
  // makes them as it goes.
  void capture(const Tensor& t) {
    if (seen_.contains(t)) return;
    seen_.put(t, true);
    const Node& node = t.node();
    if (node.id() >= begin_) {
      graph::require<ValueError>(!node.op().traits().stateful, who_, ": a step makes ", node.op().name(),
                                 " from a state that is the same in each step; make the state a carry and move it on "
                                 "(random_state_after), or draw before the loop");
      if (graph::as<graph::Constant>(node.op())) return;
      if (!node.inputs().empty() && made_larger(node)) {
        for (const Tensor& input : node.inputs()) capture(input);
        return;
      }
    }
    captured_.push_back(t);
  }

  std::uint64_t begin_;
  const char* who_;
  TensorMap<bool> bound_, seen_;
  std::vector<std::shared_ptr<const Node>> nodes_;
  Tensors captured_;
};

}  // namespace

Loop::Loop(const LoopParts& parts, bool keeps_all)
    : carries_(static_cast<int>(parts.carries.size())),
      outputs_(static_cast<int>(parts.outputs.size())),
      length_(parts.length) {
  const Captures captures(parts);
  auto op = std::make_shared<Scan>();
  op->carries = carries_;
  op->length = parts.length;
  op->reverse = parts.reverse;

  Tensors outer;
  Rebuild rebuild;
  const auto bind = [&](const Binding& binding) {
    rebuild.put(binding.inner, graph::parameter(static_cast<int>(outer.size()), binding.inner.spec()));
    outer.push_back(binding.outer);
  };
  // One that is there already is not passed twice.
  TensorMap<Tensor> parameters;
  const auto bind_once = [&](const Binding& binding) {
    if (const Tensor* known = parameters.find(binding.outer)) return rebuild.put(binding.inner, *known);
    bind(binding);
    parameters.put(binding.outer, *rebuild.find(binding.inner));
  };
  for (const Binding& each : parts.carries) bind(each);
  for (const Binding& each : parts.sequences) bind_once(each);
  op->sequences = static_cast<int>(outer.size()) - carries_;
  parameters = {};
  for (const Binding& each : parts.constants) bind_once(each);
  for (const Tensor& each : captures.tensors()) bind_once({each, each});

  Tensors body = rebuild(results(parts));
  if (keeps_all) {
    TensorMap<bool> given;
    for (std::size_t i = parts.next.size(); i < body.size(); ++i) given.put(body[i], true);
    const auto keep = [&](const Tensor& now) {
      if (given.contains(now)) return;
      given.put(now, true);
      body.push_back(now);
    };
    for (const Binding& each : parts.carries) keep(*rebuild.find(each.inner));
    TensorMap<bool> changing;
    for (const auto* list : {&parts.carries, &parts.sequences})
      for (const Binding& each : *list) changing.put(each.inner, true);
    std::unordered_set<const Node*> varying;
    for (const auto& node : captures.nodes()) {
      const bool any = std::any_of(node->inputs().begin(), node->inputs().end(), [&](const Tensor& t) {
        return changing.contains(t) || (!captures.bound(t) && varying.contains(&t.node()));
      });
      if (!any) continue;
      varying.insert(node.get());
      if (computed_again(*node)) continue;
      for (int i = 0; i < static_cast<int>(node->outputs().size()); ++i)
        if (const Tensor t(node, i); !captures.bound(t)) keep(*rebuild.find(t));
    }
  }
  op->body = graph::Outputs(body);
  op->look_at_bodies();
  Specs in;
  for (const Tensor& t : outer) in.push_back(t.spec());
  Specs out = op->infer(in);
  node_ = std::make_shared<const Node>(std::move(op), std::move(outer), std::move(out));

  TensorMap<Tensor> stacked;
  for (std::size_t i = parts.next.size(); i < body.size(); ++i)
    stacked.put(body[i], Tensor(node_, static_cast<int>(i)));
  for (const auto& node : captures.nodes())
    for (int i = 0; i < static_cast<int>(node->outputs().size()); ++i) {
      const Tensor t(node, i);
      const Tensor* now = rebuild.find(t);
      if (const Tensor* found = now ? stacked.find(*now) : nullptr) all_.put(t, *found);
    }
  for (const Binding& each : parts.carries)
    if (const Tensor* found = stacked.find(*rebuild.find(each.inner))) all_.put(each.inner, *found);
  for (const Binding& each : parts.sequences) all_.put(each.inner, each.outer);
}

Tensors Loop::carries() const {
  Tensors list;
  for (int i = 0; i < carries_; ++i) list.emplace_back(node_, i);
  return list;
}

Tensors Loop::outputs() const {
  Tensors list;
  for (int i = 0; i < outputs_; ++i) list.emplace_back(node_, carries_ + i);
  return list;
}

Tensor Loop::all(const Tensor& t) const {
  if (const Tensor* found = all_.find(t)) return *found;
  if (!t.node().op().traits().view) return {};
  const Tensor source = all(t.node().inputs()[0]);
  return source.defined() ? reshape(source, t.shape().insert(0, length_)) : source;
}

Tensors unrolled(const LoopParts& parts) {
  Tensors carries;
  for (const Binding& each : parts.carries) carries.push_back(each.outer);
  std::vector<Tensors> outputs(parts.outputs.size(), Tensors(static_cast<std::size_t>(parts.length)));
  for (std::int64_t step = 0; step < parts.length; ++step) {
    const std::int64_t t = parts.reverse ? parts.length - 1 - step : step;
    Rebuild rebuild;
    for (std::size_t i = 0; i < carries.size(); ++i) rebuild.put(parts.carries[i].inner, carries[i]);
    for (const Binding& each : parts.sequences)
      rebuild.put(each.inner, reshape(slice(each.outer, 0, t, t + 1), each.inner.shape()));
    for (const Binding& each : parts.constants) rebuild.put(each.inner, each.outer);
    const Tensors made = rebuild(results(parts));
    std::copy_n(made.begin(), carries.size(), carries.begin());
    for (std::size_t i = 0; i < outputs.size(); ++i) outputs[i][static_cast<std::size_t>(t)] = made[carries.size() + i];
  }
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const graph::Spec& spec = parts.outputs[i].spec();
    if (parts.length == 0)
      carries.push_back(full(spec.shape.insert(0, 0), 0, spec.dtype));
    else
      carries.push_back(parts.length == 1 ? expand_dims(outputs[i][0], 0) : stack(outputs[i], 0));
  }
  return carries;
}

}  // namespace cornu::ops::internal
