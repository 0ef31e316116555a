#include "cornu/ops/native/cast.h"

#include "cornu/graph/array/internal/convert.h"
#include "cornu/graph/leaf.h"
#include "cornu/graph/op.h"
#include "cornu/ops/bfloat16.h"
#include "cornu/ops/internal/adds_up.h"
#include "cornu/ops/internal/copy.h"
#include "cornu/ops/internal/expression.h"

namespace cornu::ops {
namespace {

struct Cast final : Op, TakesBFloat16, internal::Pointwise, internal::AddsUpBefore {
  graph::DType dtype = float32;
  std::string_view name() const override { return "cast"; }
  void fields(FieldVisitor& f) const override { f("dtype", dtype); }
  Specs infer(const Specs& in) const override { return {{dtype, in[0].shape}}; }
  internal::Value formula(
      std::span<const internal::Value> x) const override {  // loops read and write both floating dtypes
    return dtype == graph::bfloat16 ? internal::round_bfloat16(x[0]) : x[0];
  }
  Tensors gradient(const Backward& b) const override {
    if (!graph::is_floating(b.x().dtype()) || !graph::is_floating(dtype)) return no_gradient(b);
    return {cast(b.dy(), b.x().dtype())};
  }
  Kernel plan(const PlanRequest& r) const override {
    const std::int64_t n = r.in[0].shape.elements();
    return Kernel::native(r.parts(n), [n, source = r.in[0].dtype, target = dtype](const graph::Call& c) {
      graph::visit(source, [&](auto from) {
        graph::visit(target, [&](auto to) {
          using From = decltype(from);
          using To = decltype(to);
          const From* x = c.in<From>();
          To* y = c.out<To>();
          c.share(n, [&](std::int64_t begin, std::int64_t end) {
            for (std::int64_t i = begin; i < end; ++i) y[i] = graph::internal::convert<To>(x[i]);
          });
        });
      });
    });
  }
  graph::Traits traits() const override { return {.elementwise = true}; }
};
const bool cast_registered = graph::register_op<Cast>();

struct StopGradient final : Op, TakesBFloat16 {
  std::string_view name() const override { return "stop_gradient"; }
  Specs infer(const Specs& in) const override { return {in[0]}; }
  Tensors gradient(const Backward& b) const override { return no_gradient(b); }
  Kernel plan(const PlanRequest& r) const override { return internal::copy_kernel(r.in[0].bytes()); }
  graph::Traits traits() const override { return {.view = true}; }
};
const bool stop_gradient_registered = graph::register_op<StopGradient>();

}  // namespace

Tensor cast(const Tensor& x, graph::DType dtype) {
  if (x.dtype() == dtype) return x;
  auto op = std::make_shared<Cast>();
  op->dtype = dtype;
  return graph::apply1(std::move(op), {x});
}

Tensor cast_floating(const Tensor& x, graph::DType dtype) { return graph::is_floating(x.dtype()) ? cast(x, dtype) : x; }

Tensor stop_gradient(const Tensor& x) { return graph::apply1(std::make_shared<StopGradient>(), {x}); }
bool stops_gradient(const Tensor& x) { return graph::as<StopGradient>(x) != nullptr; }

}  // namespace cornu::ops
