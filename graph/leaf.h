#pragma once

#include <type_traits>
#include <typeinfo>

#include "cornu/graph/op.h"
#include "cornu/graph/variable.h"

namespace cornu::graph {

/// Argument `index` of a Function.
struct Parameter final : Op {
  int index = 0;
  Spec spec;
  std::string_view name() const override { return "parameter"; }
  void fields(FieldVisitor& f) const override {
    f("index", index);
    f("dtype", spec.dtype);
    f("shape", spec.shape);
  }
  Specs infer(const Specs&) const override { return {spec}; }
  Tensors gradient(const Backward&) const override { return {}; }
  Kernel plan(const PlanRequest&) const override;
};

/// Fixed numbers.
struct Constant final : Op {
  Array value;
  std::string_view name() const override { return "constant"; }
  void fields(FieldVisitor& f) const override {
    f("dtype", value.dtype());
    f("shape", value.shape());
  }
  Specs infer(const Specs&) const override { return {value.spec()}; }
  Tensors gradient(const Backward&) const override { return {}; }
  Kernel plan(const PlanRequest&) const override;
};

/// The value of a variable at the start of the run.
struct ReadVariable final : Op {
  Variable variable;
  std::string_view name() const override { return "read_variable"; }
  void fields(FieldVisitor& f) const override { f("variable", variable.name()); }
  Specs infer(const Specs&) const override { return {variable.spec()}; }
  Tensors gradient(const Backward&) const override { return {}; }
  Kernel plan(const PlanRequest&) const override;
};

/// An argument for tracing.
Tensor parameter(int index, const Spec& spec);
/// A constant; a scalar of the given dtype.
Tensor constant(const Array& value);
Tensor constant(double value, DType dtype);

/// The op of a tensor's node if it is a `T`, else null: `if (auto* read = as<ReadVariable>(tensor)) …`.
template <class T>
const T* as(const Op& op) {
  if constexpr (std::is_final_v<T>)
    return typeid(op) == typeid(T) ? static_cast<const T*>(&op) : nullptr;  // several times as fast
  else
    return dynamic_cast<const T*>(&op);
}
template <class T>
const T* as(const Tensor& tensor) {
  return as<T>(tensor.node().op());
}

}  // namespace cornu::graph
