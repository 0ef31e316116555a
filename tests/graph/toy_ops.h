#pragma once

#include <cstdint>

#include "cornu/graph/leaf.h"
#include "cornu/graph/op.h"

// Ops for the engine's tests, which know none of the library's.
namespace cornu::graph::toy {

/// scale * a + b, elementwise over equal shapes; may run in place.
struct Axpy final : Op {
  double scale = 1;
  std::string_view name() const override { return "toy_axpy"; }
  void fields(FieldVisitor& f) const override { f("scale", scale); }
  Specs infer(const Specs& in) const override {
    require<ShapeError>(in.size() == 2 && in[0].shape == in[1].shape, "toy_axpy: shapes ", in[0].shape, " and ",
                        in[1].shape);
    return {in[0]};
  }
  Tensors gradient(const Backward& b) const override { return no_gradient(b); }
  Kernel plan(const PlanRequest& r) const override {
    return Kernel::native([n = r.out[0].shape.elements(), s = static_cast<float>(scale)](const Call& c) {
      for (std::int64_t i = 0; i < n; ++i) c.out<float>()[i] = s * c.in<float>(0)[i] + c.in<float>(1)[i];
    });
  }
  Traits traits() const override { return {.elementwise = true}; }
};
inline Tensor axpy(double scale, const Tensor& a, const Tensor& b) {
  auto op = std::make_shared<Axpy>();
  op->scale = scale;
  return apply1(std::move(op), {a, b});
}

/// The elements in reverse order: must not run in place.
struct Reverse final : Op {
  std::string_view name() const override { return "toy_reverse"; }
  Specs infer(const Specs& in) const override { return {in[0]}; }
  Tensors gradient(const Backward& b) const override { return no_gradient(b); }
  Kernel plan(const PlanRequest& r) const override {
    return Kernel::native([n = r.out[0].shape.elements()](const Call& c) {
      for (std::int64_t i = 0; i < n; ++i) c.out<float>()[i] = c.in<float>(0)[n - 1 - i];
    });
  }
};
inline Tensor reverse(const Tensor& a) { return apply1(std::make_shared<Reverse>(), {a}); }

/// The same bytes in another shape.
struct View final : Op {
  Shape shape;
  std::string_view name() const override { return "toy_view"; }
  void fields(FieldVisitor& f) const override { f("shape", shape); }
  Specs infer(const Specs& in) const override { return {{in[0].dtype, shape}}; }
  Tensors gradient(const Backward& b) const override { return no_gradient(b); }
  Kernel plan(const PlanRequest&) const override { throw Error("a view is not run"); }
  Traits traits() const override { return {.view = true}; }
};
inline Tensor view(const Tensor& a, const Shape& shape) {
  auto op = std::make_shared<View>();
  op->shape = shape;
  return apply1(std::move(op), {a});
}

}  // namespace cornu::graph::toy
