#include "cornu/ops/control/debug_callback.h"

#include <cstring>

#include "cornu/graph/check.h"
#include "cornu/graph/op.h"
#include "cornu/ops/bfloat16.h"

namespace cornu::ops {
namespace {

struct DebugCallback final : Op, TakesBFloat16 {
  std::function<void(const graph::Array&)> f = [](const graph::Array&) {};
  std::int64_t order = 1;

  std::string_view name() const override { return "debug_callback"; }
  Specs infer(const Specs& in) const override { return {in[0]}; }
  Tensors gradient(const Backward& b) const override { return {b.dy()}; }
  graph::Traits traits() const override { return {.elementwise = true, .stateful = true, .effect = order}; }
  Kernel plan(const PlanRequest& r) const override {
    return Kernel::native([f = f, spec = r.in[0]](const graph::Call& c) {
      graph::Array value(spec);  // its own, so that f may keep it
      if (value.nbytes() == 0) return f(value);
      std::memcpy(value.bytes(), c.in<void>(), value.nbytes());
      if (c.in<void>() != c.out<void>()) std::memcpy(c.out<void>(), value.bytes(), value.nbytes());
      f(value);
    });
  }
};
const bool debug_callback_registered = graph::register_op<DebugCallback>();

}  // namespace

Tensor debug_callback(std::function<void(const graph::Array&)> f, const Tensor& x) {
  graph::require<ValueError>(f != nullptr, "debug_callback: expected a function, got none");
  auto op = std::make_shared<DebugCallback>();
  op->f = std::move(f);
  op->order = graph::next_effect();
  return graph::apply1(std::move(op), {x});
}

}  // namespace cornu::ops
