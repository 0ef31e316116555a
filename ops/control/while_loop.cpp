#include "cornu/ops/control/while_loop.h"

#include <cstring>
#include <utility>

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/graph/passes/pass.h"
#include "cornu/graph/plan/internal/body_plan.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/control/scan.h"
#include "cornu/ops/internal/called_op.h"
#include "cornu/ops/native/select.h"

namespace cornu::ops {
namespace {

using graph::Outputs;
using graph::require;
using graph::internal::BodyPlan;
using graph::internal::BodyRun;
using graph::internal::Rebuild;

/// The inputs are the variables, then what the functions read from outside, which both bodies have as parameters.
struct While final : Op, TakesBFloat16, graph::HasBodies {
  Outputs condition, body;
  int variables = 0;
  std::int64_t most = -1;  // -1: any number of steps

  std::string_view name() const override { return "while_loop"; }
  void fields(FieldVisitor& f) const override {
    f("variables", variables);
    if (most >= 0) f("maximum_iterations", most);
  }
  Specs infer(const Specs& in) const override { return Specs(in.begin(), in.begin() + variables); }
  graph::Traits traits() const override { return body_traits(); }
  std::vector<const Outputs*> bodies() const override { return {&condition, &body}; }
  std::shared_ptr<const Op> with_bodies(std::vector<Outputs> bodies) const override {
    auto op = std::make_shared<While>(*this);
    op->condition = std::move(bodies.at(0));
    op->body = std::move(bodies.at(1));
    op->look_at_bodies();
    return op;
  }
  Tensors gradient(const Backward&) const override {
    throw graph::Error("while_loop: its gradient needs what differentiates its body");
  }
  Tensors gradient_of_bodies(const Backward& b, const graph::Differentiate& differentiate) const override;
  Kernel plan(const PlanRequest& r) const override;

  
  /// What a body gives for other tensors than its parameters.
  static Tensors on(const Outputs& body, const Tensors& inputs) {
    Rebuild rebuild;
    for (const auto& node : graph::reachable(body))
      if (const auto* p = graph::as<graph::Parameter>(node->op()))
        rebuild.put(Tensor(node, 0), inputs[static_cast<std::size_t>(p->index)]);
    return rebuild(body.tensors());
  }
};
const bool while_registered = graph::register_op<While>();

// The number of steps is known when it runs, so all of it is one part.
Kernel While::plan(const PlanRequest& r) const {
  const auto n = static_cast<std::size_t>(variables);
  struct Plans {
    std::shared_ptr<const BodyPlan> condition, body;
    std::vector<std::size_t> bytes, at;  // of the variables: their sizes and places in scratch memory, two each
    std::size_t inputs = 0, decision = 0;
    std::int64_t most = -1;
  };
  auto plans = std::make_shared<Plans>();
  plans->condition = std::make_shared<const BodyPlan>(condition, r.in, 1);
  plans->body = std::make_shared<const BodyPlan>(body, r.in, 1);
  plans->inputs = r.in.size();
  plans->most = most;
  const auto padded = [](std::size_t bytes) { return (bytes + 63) / 64 * 64; };
  std::size_t scratch = padded(std::max(plans->condition->scratch(), plans->body->scratch()));
  plans->decision = std::exchange(scratch, scratch + 64);
  for (std::size_t i = 0; i < n; ++i) {
    plans->bytes.push_back(r.in[i].bytes());
    plans->at.push_back(std::exchange(scratch, scratch + 2 * padded(r.in[i].bytes())));
  }
  Kernel kernel;
  kernel.scratch = scratch;
  kernel.implementation = graph::message("loop of ", plans->condition->steps() + plans->body->steps(), " steps");
  kernel.make = [plans = std::shared_ptr<const Plans>(std::move(plans))]() -> graph::Launch {
    struct State {
      explicit State(const Plans& p)
          : condition(p.condition), body(p.body), arguments(p.inputs), results(p.bytes.size()) {}
      BodyRun condition, body;
      std::vector<const void*> arguments;
      std::vector<void*> results;
    };
    return [plans, state = std::make_shared<State>(*plans)](const graph::Call& c) {
      auto* scratch = static_cast<std::byte*>(c.scratch);
      void* decision = scratch + plans->decision;
      for (std::size_t i = 0; i < plans->inputs; ++i) state->arguments[i] = c.src[i];
      for (std::int64_t step = 0; plans->most < 0 || step < plans->most; ++step) {
        state->condition.point(0, state->arguments.data(), &decision, scratch);
        state->condition.run(0, 0);
        if (*static_cast<const std::uint8_t*>(decision) == 0) break;
        for (std::size_t i = 0; i < state->results.size(); ++i)
          state->results[i] = scratch + plans->at[i] + (step % 2 != 0 ? (plans->bytes[i] + 63) / 64 * 64 : 0);
        state->body.point(0, state->arguments.data(), state->results.data(), scratch);
        state->body.run(0, 0);
        for (std::size_t i = 0; i < state->results.size(); ++i) state->arguments[i] = state->results[i];
      }
      for (std::size_t i = 0; i < state->results.size(); ++i)
        if (plans->bytes[i] != 0) std::memcpy(c.dst[i], state->arguments[i], plans->bytes[i]);
    };
  };
  return kernel;
}

// The gradient of a loop of the greatest number of steps, in which a variable stays as it is from the last step on.
Tensors While::gradient_of_bodies(const Backward& b, const graph::Differentiate& differentiate) const {
  require<ValueError>(most >= 0,
                      "while_loop: has a gradient only with maximum_iterations, as it keeps what the steps "
                      "computed");
  const auto n = static_cast<std::size_t>(variables);
  Tensors inputs;
  for (std::size_t i = 0; i < b.inputs().size(); ++i)
    inputs.push_back(graph::parameter(static_cast<int>(i), b.inputs()[i].spec()));
  const auto step = [&](const Tensors& carry, const Tensors&) -> StepResult {
    Tensors now(carry.begin(), carry.end() - 1);
    now.insert(now.end(), inputs.begin() + variables, inputs.end());
    const Tensor runs = logical_and(carry.back(), on(condition, now)[0]);
    Tensors next = on(body, now);
    for (std::size_t i = 0; i < n; ++i) next[i] = where(runs, next[i], carry[i]);
    next.push_back(runs);
    return {next, {}};
  };
  Tensors init(inputs.begin(), inputs.begin() + variables);
  init.push_back(graph::constant(graph::full(Shape{}, 1, graph::bool_)));
  const Tensors last = scan(step, init, {}, {.length = most}).carry;

  Tensors outputs, cotangents, wrt;
  Rebuild rebuild;
  for (std::size_t i = 0; i < n; ++i) {
    if (!b.dy(static_cast<int>(i)).defined()) continue;
    outputs.push_back(last[i]);
    cotangents.push_back(graph::parameter(static_cast<int>(i), last[i].spec()));
    rebuild.put(cotangents.back(), b.dy(static_cast<int>(i)));
  }
  std::vector<std::size_t> asked;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    rebuild.put(inputs[i], b.inputs()[i]);
    if (!graph::is_floating(inputs[i].dtype()) || !b.wants(static_cast<int>(i))) continue;
    asked.push_back(i);
    wrt.push_back(inputs[i]);
  }
  Tensors result(inputs.size());
  const Tensors grads = rebuild(differentiate(outputs, cotangents, wrt));
  for (std::size_t k = 0; k < asked.size(); ++k) result[asked[k]] = grads[k];
  return result;
}

}  // namespace

Tensors while_loop(const std::function<Tensor(const Tensors& loop_vars)>& cond,
                   const std::function<Tensors(const Tensors& loop_vars)>& body, const Tensors& loop_vars,
                   std::optional<std::int64_t> maximum_iterations) {
  require<ValueError>(!maximum_iterations || *maximum_iterations >= 0,
                      "while_loop: maximum_iterations must not be negative, got ", maximum_iterations.value_or(0));
  internal::LoopParts parts{.who = "while_loop"};
  parts.begin = internal::next_number();
  Tensors inner;
  for (std::size_t i = 0; i < loop_vars.size(); ++i) {
    require<ValueError>(loop_vars[i].defined(), "while_loop: variable ", i, " is an undefined tensor");
    inner.push_back(graph::parameter(static_cast<int>(i), loop_vars[i].spec()));
    parts.carries.push_back({inner.back(), loop_vars[i]});
  }
  const Tensor goes_on = cond(inner);
  require<ValueError>(goes_on.defined(), "while_loop: cond gives an undefined tensor");
  require<TypeError>(goes_on.dtype() == graph::bool_ && goes_on.shape().elements() == 1,
                     "while_loop: cond must give one bool, got ", goes_on);
  parts.next = body(inner);
  require<ShapeError>(parts.next.size() == loop_vars.size(), "while_loop: body must give ", loop_vars.size(),
                      " variables, got ", parts.next.size());
  for (std::size_t i = 0; i < loop_vars.size(); ++i) {
    require<ValueError>(parts.next[i].defined(), "while_loop: body gives an undefined tensor as variable ", i);
    require<ShapeError>(parts.next[i].spec() == loop_vars[i].spec(), "while_loop: body must give variable ", i,
                        " as it got it, ", loop_vars[i].spec(), ", got ", parts.next[i].spec());
  }

  // A step that also says whether it is to be taken finds what both functions read from outside.
  const auto n = static_cast<int>(loop_vars.size());
  parts.outputs = {goes_on};
  parts.length = 1;
  const internal::Loop loop(parts, false);
  const auto& step = static_cast<const internal::Scan&>(loop.node()->op()).body.tensors();
  auto op = std::make_shared<While>();
  op->variables = n;
  op->most = maximum_iterations.value_or(-1);
  op->body = Outputs(Tensors(step.begin(), step.begin() + n));
  op->condition = Outputs(Tensors{step.back()});
  op->look_at_bodies();
  return graph::apply(std::move(op), loop.node()->inputs());
}

}  // namespace cornu::ops
