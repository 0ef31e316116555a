#include "cornu/ops/internal/called_op.h"

#include <algorithm>
#include <unordered_set>

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/graph/passes/pass.h"
#include "cornu/graph/plan/internal/body_plan.h"
#include "cornu/ops/internal/loop_nodes.h"
#include "cornu/ops/native/broadcast_to.h"

namespace cornu::ops::internal {

using graph::Node;
using graph::internal::nodes_until;
using graph::internal::Rebuild;
using graph::internal::TensorMap;

Specs Called::infer(const Specs&) const {
  Specs out;
  for (const Tensor& t : branches.at(0).tensors()) out.push_back(t.spec());
  return out;
}

Tensors Called::gradient(const graph::Backward&) const {
  throw graph::Error(graph::message(name(), ": its gradient needs what differentiates its body"));
}

std::vector<const graph::Outputs*> Called::bodies() const {
  std::vector<const graph::Outputs*> list;
  for (const graph::Outputs& each : branches) list.push_back(&each);
  return list;
}

std::shared_ptr<const graph::Op> Called::with_bodies(std::vector<graph::Outputs> bodies) const {
  auto op = copy();
  op->branches = std::move(bodies);
  op->look_at_bodies();
  return op;
}

// Parts are those of the body with the most, and so are phases: a shorter body's later ones are empty.
graph::Kernel Called::plan(const graph::PlanRequest& r) const {
  using graph::internal::BodyPlan;
  using graph::internal::BodyRun;
  const auto choosing = static_cast<std::size_t>(first());
  const Specs parameters(r.in.begin() + static_cast<std::ptrdiff_t>(choosing), r.in.end());
  std::vector<std::shared_ptr<const BodyPlan>> plans;
  graph::Kernel kernel;
  for (const graph::Outputs& each : branches) {
    plans.push_back(std::make_shared<const BodyPlan>(each, parameters, r.threads));
    const BodyPlan& plan = *plans.back();
    kernel.scratch = std::max(kernel.scratch, plan.scratch());
    kernel.flops = std::max(kernel.flops, plan.flops());
    kernel.parts = std::max(kernel.parts, plan.lanes());
    kernel.phases = std::max(kernel.phases, plan.stages());
    kernel.implementation += graph::message(kernel.implementation.empty() ? "" : " or ", plan.steps());
  }
  kernel.implementation += " steps";
  kernel.make = [plans = std::move(plans), choosing, choose = choose()]() -> graph::Launch {
    auto runs = std::make_shared<std::vector<std::unique_ptr<BodyRun>>>();
    for (const auto& plan : plans) runs->push_back(std::make_unique<BodyRun>(plan));
    return [runs = std::move(runs), choosing, choose](const graph::Call& c) {
      const std::size_t chosen = choose ? choose(c.src[0], runs->size()) : 0;
      BodyRun& run = *(*runs)[chosen];
      if (c.part >= run.plan().lanes() || c.phase >= run.plan().stages()) return;
      if (c.phase == 0) run.point(c.part, c.src + choosing, c.dst, c.scratch);
      run.run(c.part, c.phase);
    };
  };
  return kernel;
}

std::uint64_t next_number() { return graph::constant(0, graph::float32).node().id(); }

InnerTensors inner_of(const char* who, const Tensors& outer) {
  InnerTensors made;
  for (std::size_t i = 0; i < outer.size(); ++i) {
    graph::require<ValueError>(outer[i].defined(), who, ": input ", i, " is an undefined tensor");
    made.inner.push_back(graph::parameter(static_cast<int>(i), outer[i].spec()));
    made.bindings.push_back({made.inner.back(), outer[i]});
  }
  return made;
}

Tensors called(const Called& like, const Tensors& choosing, const std::vector<Binding>& bindings,
               const std::vector<Tensors>& results, std::uint64_t begin) {
  TensorMap<bool> taken;
  for (const Binding& each : bindings) taken.put(each.inner, true);
  Tensors captured;
  const auto stops = [&](const Tensor& t) {
    if (taken.contains(t)) return true;
    if (t.node().id() >= begin && !graph::as<graph::ReadVariable>(t)) return false;
    taken.put(t, true);
    captured.push_back(t);
    return true;
  };
  for (const Tensors& each : results) nodes_until(each, stops);

  auto op = like.copy();
  op->branches.clear();
  Tensors inputs = choosing;
  std::vector<Rebuild> bodies(results.size());
  const auto bind = [&](const Tensor& inner, const Tensor& outer) {
    const int index = static_cast<int>(inputs.size() - choosing.size());
    for (Rebuild& body : bodies) body.put(inner, graph::parameter(index, inner.spec()));
    inputs.push_back(outer);
  };
  for (const Binding& each : bindings) bind(each.inner, each.outer);
  for (const Tensor& each : captured) bind(each, each);
  for (std::size_t i = 0; i < results.size(); ++i) op->branches.emplace_back(bodies[i](results[i]));
  op->look_at_bodies();
  return graph::apply(std::move(op), std::move(inputs));
}

namespace {

/// What the bodies read if only some results are wanted.
std::vector<bool> read_parameters(const Called& op, std::size_t count, const std::vector<bool>& used) {
  std::vector<bool> read(count);
  for (const graph::Outputs& body : op.branches) {
    Tensors wanted;
    for (std::size_t i = 0; i < used.size(); ++i)
      if (used[i]) wanted.push_back(body.tensors()[i]);
    for (const auto& node : nodes_of(graph::Outputs(wanted)))
      if (const auto* p = graph::as<graph::Parameter>(node->op())) read[static_cast<std::size_t>(p->index)] = true;
  }
  return read;
}

}  // namespace

std::vector<bool> Called::needed_inputs(const Node& node, const std::vector<bool>& used) const {
  const auto choosing = static_cast<std::size_t>(first());
  auto needed = read_parameters(*this, node.inputs().size() - choosing, used);
  needed.insert(needed.begin(), choosing, true);
  return needed;
}

Tensors Called::reduced(const Node& node, const std::vector<bool>& used) const {
  const auto needed = needed_inputs(node, used);
  const auto all = [](const std::vector<bool>& list) {
    return std::all_of(list.begin(), list.end(), [](bool b) { return b; });
  };
  if (all(needed) && all(used)) return {};
  const auto choosing = static_cast<std::size_t>(first());
  Tensors inputs;
  std::vector<int> place(needed.size(), -1);
  for (std::size_t i = 0; i < needed.size(); ++i)
    if (needed[i]) {
      place[i] = static_cast<int>(inputs.size() - choosing);
      inputs.push_back(node.inputs()[i]);
    }
  auto op = copy();
  for (graph::Outputs& body : op->branches) {
    Tensors wanted;
    for (std::size_t i = 0; i < used.size(); ++i)
      if (used[i]) wanted.push_back(body.tensors()[i]);
    Rebuild rebuild;
    for (const auto& each : nodes_of(graph::Outputs(wanted)))
      if (const auto* p = graph::as<graph::Parameter>(each->op()))
        rebuild.put(Tensor(each, 0), graph::parameter(place[static_cast<std::size_t>(p->index) + choosing], p->spec));
    body = graph::Outputs(rebuild(wanted));
  }
  const Tensors made = graph::apply(std::move(op), std::move(inputs));
  Tensors results(used.size());
  std::size_t next = 0;
  for (std::size_t i = 0; i < used.size(); ++i)
    if (used[i]) results[i] = made[next++];
  return results;
}

Tensors Called::gradient_of_bodies(const graph::Backward& b, const graph::Differentiate& differentiate) const {
  const auto choosing = static_cast<std::size_t>(first());
  const std::size_t count = b.inputs().size() - choosing;
  std::vector<Binding> bindings;
  std::vector<std::size_t> asked;
  for (std::size_t i = 0; i < count; ++i) {
    const Tensor& x = b.x(static_cast<int>(i + choosing));
    bindings.push_back({graph::parameter(static_cast<int>(i), x.spec()), x});
    if (graph::is_floating(x.dtype()) && b.wants(static_cast<int>(i + choosing))) asked.push_back(i);
  }
  std::vector<std::size_t> given;
  for (std::size_t i = 0; i < branches[0].tensors().size(); ++i)
    if (const Tensor& dy = b.dy(static_cast<int>(i)); dy.defined()) {
      given.push_back(i);
      bindings.push_back({graph::parameter(static_cast<int>(bindings.size()), dy.spec()), dy});
    }
  std::vector<Tensors> grads;
  for (const graph::Outputs& body : branches) {
    Rebuild rebuild;  // so that all bodies read the same parameters
    for (const auto& node : nodes_of(body))
      if (const auto* p = graph::as<graph::Parameter>(node->op()))
        rebuild.put(Tensor(node, 0), bindings[static_cast<std::size_t>(p->index)].inner);
    const Tensors results = rebuild(body.tensors());
    Tensors outputs, cotangents, wrt;
    for (std::size_t k = 0; k < given.size(); ++k) {
      outputs.push_back(results[given[k]]);
      cotangents.push_back(bindings[count + k].inner);
    }
    for (const std::size_t i : asked) wrt.push_back(bindings[i].inner);
    grads.push_back(differentiate(outputs, cotangents, wrt));
  }
  Tensors result(b.inputs().size());
  if (asked.empty() || given.empty()) return result;
  const Tensors made =
      called(*this, Tensors(b.inputs().begin(), b.inputs().begin() + static_cast<std::ptrdiff_t>(choosing)), bindings,
             grads, 0);
  for (std::size_t k = 0; k < asked.size(); ++k) result[asked[k] + choosing] = made[k];
  return result;
}

}  // namespace cornu::ops::internal
