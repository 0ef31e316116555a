// The gradient of a loop.
#include <optional>
#include <unordered_set>

#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/internal/adds_up.h"
#include "cornu/ops/internal/loop_nodes.h"
#include "cornu/ops/internal/scan_op.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cast.h"

namespace cornu::ops::internal {

using graph::Node;
using graph::internal::nodes_until;
using graph::internal::Rebuild;
using graph::internal::TensorMap;

namespace {

/// The tensors of a gradient's loop, of which some are wanted as sums over all steps.
class Sums final : public OverSteps {
 public:
  Sums(const Loop& loop, const LoopParts& parts) : loop_(loop), parts_(parts) {
    for (const auto* list : {&parts.carries, &parts.sequences})
      for (const Binding& each : *list) changing_.put(each.inner, true);
    for (const Binding& each : parts.constants) outside_.put(each.inner, each.outer);
  }
  bool varies(const Tensor& t) const override {
    if (const bool* known = known_.find(t)) return *known;
    const auto fixed = [&](const Tensor& each) { return outside_.find(each) != nullptr; };
    bool found = changing_.contains(t);
    if (!found && !fixed(t))
      for (const auto& node : nodes_until({t}, fixed)) {
        for (int i = 0; i < static_cast<int>(node->outputs().size()); ++i)
          found = found || changing_.contains({node, i});
        for (const Tensor& input : node->inputs()) found = found || changing_.contains(input);
      }
    known_.put(t, found);
    return found;
  }
  Tensor once(const Tensor& t) const override {
    Rebuild outside = outside_;
    return outside(t);
  }
  Tensor all(const Tensor& t) const override { return loop_.all(t); }
  Tensor sum(const Tensor& t) const override {
    if (!graph::is_floating(t.dtype())) return {};
    if (!varies(t)) return once(t) * static_cast<double>(parts_.length);
    if (t.index() != 0) return {};
    const auto* op = dynamic_cast<const AddsUp*>(&t.node().op());
    return op && !changing_.contains(t) ? op->sum_over_steps(t.node(), *this) : Tensor();
  }

 private:
  const Loop& loop_;
  const LoopParts& parts_;
  TensorMap<bool> changing_;
  mutable TensorMap<bool> known_;
  Rebuild outside_;
};

graph::DType wide(graph::DType dtype) { return dtype == graph::bfloat16 ? graph::float32 : dtype; }

}  // namespace

// The steps the other way round, over gradients of the body: the gradients of the carries are its carries, what the
// steps read comes from the loop itself. A constant's gradient is the sum over the steps, taken after the loop where an
// op knows how (adds_up.h), else within it.
Tensors Scan::gradient_of_bodies(const graph::Backward& b, const graph::Differentiate& differentiate) const {
  const std::size_t count = b.inputs().size(), n = static_cast<std::size_t>(carries),
                    first_constant = n + static_cast<std::size_t>(sequences);
  const Tensors parameters = parameters_of(body, count);
  const auto floating = [](const Tensor& t) { return t.defined() && graph::is_floating(t.dtype()); };

  LoopParts parts{.length = length, .reverse = !reverse};
  Tensors outputs, cotangents, wrt;
  std::vector<int> asked(count, -1);  // a parameter's place in wrt
  const auto carried = [&](std::size_t i) { return graph::is_floating(body.tensors()[i].dtype()); };
  for (std::size_t i = 0; i < body.tensors().size(); ++i) {
    const Tensor& result = body.tensors()[i];
    const int index = static_cast<int>(i);
    if (i < n ? !carried(i) : !b.dy(index).defined()) continue;
    const Tensor cotangent = graph::parameter(index, result.spec());
    outputs.push_back(result);
    cotangents.push_back(cotangent);
    if (i >= n)
      parts.sequences.push_back({cotangent, b.dy(index)});
    else
      parts.carries.push_back(
          {cotangent, b.dy(index).defined() ? b.dy(index) : full(result.shape(), 0, result.dtype())});
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (!floating(parameters[i]) || (i >= n && !b.wants(static_cast<int>(i)))) continue;
    asked[i] = static_cast<int>(wrt.size());
    wrt.push_back(parameters[i]);
  }
  const Tensors grads = differentiate(outputs, cotangents, wrt);
  const auto grad = [&](std::size_t i) { return asked[i] < 0 ? Tensor() : grads[static_cast<std::size_t>(asked[i])]; };

  for (std::size_t i = 0; i < n; ++i)
    if (carried(i)) {
      const Tensor& result = body.tensors()[i];
      parts.next.push_back(asked[i] >= 0 ? grad(i) : full(result.shape(), 0, result.dtype()));
    }
  std::vector<std::size_t> elements, fixed;  // inputs whose gradients come of each step, and of all
  for (std::size_t i = n; i < count; ++i)
    if (asked[i] >= 0) (i < first_constant ? elements : fixed).push_back(i);
  for (const std::size_t i : elements) parts.outputs.push_back(grad(i));

  // What the gradients read of the body's tensors.
  TensorMap<Tensor> kept;
  for (std::size_t i = n; i < first_constant; ++i)
    if (parameters[i].defined()) kept.put(parameters[i], b.x(static_cast<int>(i)));
  for (std::size_t i = n; i < body.tensors().size(); ++i) kept.put(body.tensors()[i], b.y(static_cast<int>(i)));
  std::unordered_set<const Node*> own;
  for (const auto& node : nodes_of(body)) own.insert(node.get());
  TensorMap<bool> given;
  for (const Tensor& t : cotangents) given.put(t, true);
  const auto stops = [&](const Tensor& t) {
    if (given.contains(t)) return true;
    if (!own.contains(&t.node())) return false;
    if (const auto* p = graph::as<graph::Parameter>(t)) {
      const auto i = static_cast<std::size_t>(p->index);
      if (i >= first_constant)
        parts.constants.push_back({t, b.x(p->index)});
      else
        parts.sequences.push_back({t, *kept.find(t)});
      given.put(t, true);
      return true;
    }
    const Tensor* values = kept.find(t);
    if (!values || computed_again(t.node())) return false;  // it depends on constants, or costs nothing
    parts.sequences.push_back({t, *values});
    given.put(t, true);
    return true;
  };
  nodes_until(grads, stops);

  // A first loop shows which sums can be taken after it.
  Tensors sums(fixed.size());
  std::optional<Loop> loop;
  const std::size_t others = parts.carries.size();
  for (bool complete = false; !complete;) {
    loop.emplace(parts, true);
    const Sums after(*loop, parts);
    complete = parts.carries.size() > others;
    std::vector<std::size_t> within;
    std::size_t next = others;
    for (std::size_t k = 0; k < fixed.size(); ++k) {
      const Tensor g = grad(fixed[k]);
      sums[k] = after.sum(g);
      if (sums[k].defined()) continue;
      within.push_back(k);
      if (complete) sums[k] = cast(loop->carries()[next++], g.dtype());
    }
    if (complete || within.empty()) break;
    for (const std::size_t k : within) {
      const Tensor g = grad(fixed[k]);
      const Tensor total = graph::parameter(0, {wide(g.dtype()), g.shape()});
      parts.carries.push_back({total, full(g.shape(), 0, total.dtype())});
      parts.next.push_back(total + cast(g, total.dtype()));
    }
  }

  Tensors result(count);
  const Tensors last = loop->carries(), each = loop->outputs();
  std::size_t carry = 0;
  for (std::size_t i = 0; i < n; ++i)
    if (carried(i)) result[i] = last[carry++];
  for (std::size_t k = 0; k < elements.size(); ++k) result[elements[k]] = each[k];
  for (std::size_t k = 0; k < fixed.size(); ++k) result[fixed[k]] = sums[k];
  return result;
}

}  // namespace cornu::ops::internal
