#include "cornu/ops/control/custom_gradient.h"

#include <cstring>

#include "cornu/graph/check.h"
#include "cornu/graph/internal/rebuild.h"
#include "cornu/graph/leaf.h"
#include "cornu/graph/passes/pass.h"
#include "cornu/ops/bfloat16.h"
#include "cornu/ops/internal/called_op.h"
#include "cornu/ops/native/broadcast_to.h"

namespace cornu::ops {
namespace {

using graph::require;
using graph::internal::Rebuild;

/// Stands between what f computes and who reads it: the first inputs are f's outputs, which it gives on, then come f's
/// arguments, to which gradients flow, then what the gradient reads. It goes when the computation is made ready to run.
struct WithGradient final : Op, TakesBFloat16 {
  std::size_t outputs = 0, arguments = 0;
  std::int64_t number = 0;  // two functions are never equal
  Tensors upstream, read;   // what the gradient was computed from
  Tensors grads;

  std::string_view name() const override { return "custom_gradient"; }
  void fields(FieldVisitor& f) const override { f("number", number); }
  Specs infer(const Specs& in) const override {
    return Specs(in.begin(), in.begin() + static_cast<std::ptrdiff_t>(outputs));
  }
  Tensors gradient(const Backward& b) const override {
    Rebuild rebuild;
    for (std::size_t i = 0; i < outputs; ++i) {
      const Tensor& dy = b.dy(static_cast<int>(i));
      rebuild.put(upstream[i], dy.defined() ? dy : zeros_like(upstream[i]));
    }
    for (std::size_t i = 0; i < read.size(); ++i) rebuild.put(read[i], b.x(static_cast<int>(outputs + arguments + i)));
    Tensors result(b.inputs().size());
    for (std::size_t i = 0; i < arguments; ++i)
      if (grads[i].defined()) result[outputs + i] = rebuild(grads[i]);
    return result;
  }
  Kernel plan(const PlanRequest& r) const override {
    return Kernel::native([specs = r.out](const graph::Call& c) {
      for (std::size_t i = 0; i < specs.size(); ++i)
        if (specs[i].bytes() != 0) std::memcpy(c.dst[i], c.src[i], specs[i].bytes());
    });
  }
};
const bool custom_gradient_registered = graph::register_op<WithGradient>();

Tensors taken_out(const graph::Node& node, const graph::Users&) {
  const auto* op = graph::as<WithGradient>(node.op());
  if (!op) return {};
  return Tensors(node.inputs().begin(), node.inputs().begin() + static_cast<std::ptrdiff_t>(op->outputs));
}
// Early, so that what only the gradient reads is not kept; and for certain.
const bool early_registered = graph::register_rule("simplification", "custom_gradient", taken_out);
const bool late_registered = graph::register_rule("lowering", "custom_gradient", taken_out);

}  // namespace

Tensors custom_gradient(const std::function<CustomGradient(const Tensors& xs)>& f, const Tensors& xs) {
  for (std::size_t i = 0; i < xs.size(); ++i)
    require<ValueError>(xs[i].defined(), "custom_gradient: argument ", i, " is an undefined tensor");
  CustomGradient made = f(xs);
  auto op = std::make_shared<WithGradient>();
  op->outputs = made.outputs.size();
  op->arguments = xs.size();
  // Tracing the gradient at once shows what it reads, which becomes part of the node.
  const std::uint64_t begin = internal::next_number();
  op->number = static_cast<std::int64_t>(begin);
  graph::internal::TensorMap<bool> known;
  for (std::size_t i = 0; i < made.outputs.size(); ++i) {
    require<ValueError>(made.outputs[i].defined(), "custom_gradient: f gives an undefined tensor as output ", i);
    op->upstream.push_back(graph::parameter(static_cast<int>(i), made.outputs[i].spec()));
    known.put(op->upstream.back(), true);
  }
  op->grads = made.gradient(op->upstream);
  require<ValueError>(op->grads.size() == xs.size(),
                      "custom_gradient: the gradient must have one tensor per argument, ", xs.size(), ", got ",
                      op->grads.size());
  Tensors defined;
  for (std::size_t i = 0; i < xs.size(); ++i) {
    if (!op->grads[i].defined()) continue;
    require<ShapeError>(op->grads[i].spec() == xs[i].spec(), "custom_gradient: the gradient by argument ", i,
                        " must be ", xs[i].spec(), ", got ", op->grads[i].spec());
    defined.push_back(op->grads[i]);
  }
  graph::internal::nodes_until(defined, [&](const Tensor& t) {
    if (known.contains(t)) return true;
    if (t.node().id() >= begin) return false;
    known.put(t, true);
    op->read.push_back(t);
    return true;
  });
  Tensors inputs = std::move(made.outputs);
  inputs.insert(inputs.end(), xs.begin(), xs.end());
  inputs.insert(inputs.end(), op->read.begin(), op->read.end());
  return graph::apply(std::move(op), std::move(inputs));
}

}  // namespace cornu::ops
