#include "cornu/ops/internal/scan_op.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <unordered_set>

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/graph/passes/pass.h"
#include "cornu/graph/plan/internal/body_plan.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/internal/adds_up.h"
#include "cornu/ops/internal/loop_nodes.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cast.h"

namespace cornu::ops::internal {

using graph::Node;
using graph::Spec;
using graph::Specs;
using graph::Tensor;
using graph::Tensors;
using graph::internal::nodes_until;
using graph::internal::Rebuild;
using graph::internal::TensorMap;

namespace {

constexpr auto kNothing = [](const Tensor&) { return false; };

Spec in_one_step(const Spec& spec) { return {spec.dtype, spec.shape.drop_front(1)}; }

// The body's parameters by number; undefined where the body does not read it.
Tensors parameters_of(const graph::Outputs& body, std::size_t count) {
  Tensors list(count);
  for (const auto& node : nodes_until(body.tensors(), kNothing))
    if (const auto* p = graph::as<graph::Parameter>(node->op()))
      list[static_cast<std::size_t>(p->index)] = Tensor(node, 0);
  return list;
}

}  // namespace

void Scan::fields(graph::FieldVisitor& f) const {
  f("carries", carries);
  f("sequences", sequences);
  f("length", length);
  f("reverse", reverse);
}

Specs Scan::infer(const Specs& in) const {
  Specs out;
  for (std::size_t i = 0; i < body.tensors().size(); ++i) {
    const Spec& made = body.tensors()[i].spec();
    if (i < static_cast<std::size_t>(carries)) {
      graph::require<ShapeError>(made == in[i], "scan: f must give carry ", i, " as it got it, ", in[i], ", got ",
                                 made);
      out.push_back(made);
    } else {
      out.push_back({made.dtype, made.shape.insert(0, length)});
    }
  }
  return out;
}

Tensors Scan::gradient(const graph::Backward&) const {
  throw graph::Error("scan: its gradient needs what differentiates its body");
}

std::shared_ptr<const graph::Op> Scan::with_bodies(std::vector<graph::Outputs> bodies) const {
  auto op = std::make_shared<Scan>(*this);
  op->body = std::move(bodies.at(0));
  op->look_at_bodies();
  return op;
}

namespace {

// Where a run of a loop finds what its steps read and write.
struct Layout {
  struct Slot {
    std::size_t bytes;  // of a carry, or of one step's element
    std::size_t at;     // of a carry: of its two buffers in scratch memory
    int kept = -1;      // of a carry: the output that has its values before each step, where it then lies instead
    int output = -1;    // of a result
  };
  std::size_t carries = 0;
  std::vector<Slot> arguments, results;
  std::int64_t length = 0;
  bool reverse = false;
};

struct Pointers {
  std::vector<const void*> arguments;
  std::vector<void*> results;
};

std::size_t padded(std::size_t bytes) { return (bytes + 63) / 64 * 64; }

// The pointers of a step. A carry goes from one buffer to the other, or through the places where it is kept; the first
// is the loop's input, the last its output.
void point(const Layout& layout, const graph::Call& c, std::int64_t step, Pointers& to) {
  const auto place = [&](std::int64_t s) {
    return static_cast<std::size_t>(layout.reverse ? layout.length - 1 - s : s);
  };
  const std::size_t t = place(step);
  const auto output = [&](int i) { return static_cast<std::byte*>(c.dst[i]); };
  // Where a carry is before a step that is not the first one.
  const auto carry = [&](std::size_t i, std::int64_t before) {
    const Layout::Slot& slot = layout.arguments[i];
    if (slot.kept >= 0) return output(slot.kept) + place(before) * slot.bytes;
    return static_cast<std::byte*>(c.scratch) + slot.at + (before % 2 != 0 ? padded(slot.bytes) : 0);
  };
  for (std::size_t i = 0; i < to.arguments.size(); ++i) {
    const auto* source = static_cast<const std::byte*>(c.src[i]);
    if (i < layout.carries)
      to.arguments[i] = step == 0 ? source : carry(i, step);
    else
      to.arguments[i] = source + t * layout.arguments[i].bytes;  // 0 bytes for a constant
  }
  for (std::size_t i = 0; i < to.results.size(); ++i) {
    const Layout::Slot& slot = layout.results[i];
    if (i < layout.carries)
      to.results[i] = step == layout.length - 1 ? output(slot.output) : carry(i, step + 1);
    else
      to.results[i] = output(slot.output) + t * slot.bytes;
  }
  if (step != 0 || c.part != 0) return;
  for (std::size_t i = 0; i < layout.carries; ++i)
    if (const Layout::Slot& slot = layout.arguments[i]; slot.kept >= 0 && slot.bytes != 0)
      std::memcpy(output(slot.kept) + t * slot.bytes, c.src[i], slot.bytes);
}

class Steps {
 public:
  Steps(std::shared_ptr<const graph::internal::BodyPlan> plan, std::shared_ptr<const Layout> layout)
      : layout_(std::move(layout)), run_(std::move(plan)), pointers_(static_cast<std::size_t>(run_.plan().lanes())) {
    for (Pointers& each : pointers_) {
      each.arguments.resize(layout_->arguments.size());
      each.results.resize(layout_->results.size());
    }
  }

  void operator()(const graph::Call& c) {
    const int stages = run_.plan().stages();
    if (run_.plan().lanes() > 1) return part(c, c.phase / stages, c.phase % stages);
    for (std::int64_t step = 0; step < layout_->length; ++step) part(c, step, 0);
  }

 private:
  void part(const graph::Call& c, std::int64_t step, int stage) {
    Pointers& own = pointers_[static_cast<std::size_t>(c.part)];
    if (stage == 0) {
      point(*layout_, c, step, own);
      run_.point(c.part, own.arguments.data(), own.results.data(), c.scratch);
    }
    run_.run(c.part, stage);
  }

  std::shared_ptr<const Layout> layout_;
  graph::internal::BodyRun run_;
  std::vector<Pointers> pointers_;
};

}  // namespace

graph::Kernel Scan::plan(const graph::PlanRequest& r) const {
  auto layout = std::make_shared<Layout>();
  layout->carries = static_cast<std::size_t>(carries);
  layout->length = length;
  layout->reverse = reverse;
  if (length == 0)
    return graph::Kernel::native([specs = r.in, carries = layout->carries](const graph::Call& c) {
      for (std::size_t i = 0; i < carries; ++i)
        if (specs[i].bytes() != 0) std::memcpy(c.dst[i], c.src[i], specs[i].bytes());
    });

  Specs parameters;
  for (std::size_t i = 0; i < r.in.size(); ++i) {
    const bool sequence = i >= layout->carries && i < layout->carries + static_cast<std::size_t>(sequences);
    parameters.push_back(sequence ? in_one_step(r.in[i]) : r.in[i]);
    layout->arguments.push_back({sequence || i < layout->carries ? parameters.back().bytes() : 0, 0});
  }
  // A carry that is kept as it was before each step lies where it is kept: the body need not copy it.
  Tensors results;
  for (std::size_t i = 0; i < r.out.size(); ++i) {
    const Tensor& result = body.tensors()[i];
    const auto* p = graph::as<graph::Parameter>(result);
    const bool carry = i < layout->carries;
    if (!carry && p && static_cast<std::size_t>(p->index) < layout->carries)
      if (int& kept = layout->arguments[static_cast<std::size_t>(p->index)].kept; kept < 0) {
        kept = static_cast<int>(i);
        continue;
      }
    results.push_back(result);
    const std::size_t bytes = carry ? r.out[i].bytes() : in_one_step(r.out[i]).bytes();
    layout->results.push_back({bytes, 0, -1, static_cast<int>(i)});
  }
  // Lanes wait for each other at each stage of each step, which has to be worth it.
  constexpr std::int64_t kMostPhases = 1 << 30;
  constexpr double kStage = 1.5e-6;
  auto steps = std::make_shared<const graph::internal::BodyPlan>(graph::Outputs(results), parameters, r.threads);
  if (steps->lanes() > 1 && (length > kMostPhases / steps->stages() || steps->seconds() < kStage * steps->stages()))
    steps = std::make_shared<const graph::internal::BodyPlan>(graph::Outputs(results), parameters, 1);
  std::size_t scratch = padded(steps->scratch());
  for (std::size_t i = 0; i < layout->carries; ++i) {
    Layout::Slot& slot = layout->arguments[i];
    if (slot.kept >= 0) continue;
    slot.at = scratch;
    scratch += 2 * padded(slot.bytes);
  }

  graph::Kernel kernel;
  kernel.implementation = graph::message("loop of ", length, " times ", steps->steps(), " steps");
  kernel.scratch = scratch;
  kernel.flops = static_cast<double>(length) * steps->flops();
  if (steps->lanes() > 1) {
    kernel.implementation += graph::message(" in ", steps->stages(), " stages");
    kernel.parts = steps->lanes();
    kernel.phases = static_cast<int>(length) * steps->stages();
  }
  kernel.make = [steps, layout = std::shared_ptr<const Layout>(std::move(layout))]() -> graph::Launch {
    return [run = std::make_shared<Steps>(steps, layout)](const graph::Call& c) { (*run)(c); };
  };
  return kernel;
}

// What a loop needs for the results that are read.
struct Live {
  std::vector<bool> parameters, results;
};

namespace {

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
  return results;
}

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
  for (const auto& node : nodes_until(body.tensors(), kNothing)) own.insert(node.get());
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

namespace {
const bool scan_registered = graph::register_op<Scan>();
}

}  // namespace cornu::ops::internal
