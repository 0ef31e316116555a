#include "cornu/graph/leaf.h"

#include "cornu/graph/check.h"
#include "cornu/graph/read_scope.h"

namespace cornu::graph {
namespace {

// The engine hands these values to the steps that read them; nothing is ever run for them.
[[noreturn]] Kernel no_kernel(const Op& op) { throw Error(message(op.name(), ": a leaf of the graph is not run")); }

}  // namespace

Kernel Parameter::plan(const PlanRequest&) const { no_kernel(*this); }
Kernel Constant::plan(const PlanRequest&) const { no_kernel(*this); }
Kernel ReadVariable::plan(const PlanRequest&) const { no_kernel(*this); }

Tensor parameter(int index, const Spec& spec) {
  require<ShapeError>(spec.shape.is_static(), "argument ", index, " of a function needs a known shape, got ",
                      spec.shape);
  auto op = std::make_shared<Parameter>();
  op->index = index;
  op->spec = spec;
  return apply1(std::move(op), {});
}

Tensor constant(const Array& value) {
  auto op = std::make_shared<Constant>();
  op->value = value;
  return apply1(std::move(op), {});
}

Tensor constant(double value, DType dtype) { return constant(full({}, value, dtype)); }

Tensor::Tensor(const Array& value) : Tensor(constant(value)) {}

Tensor::Tensor(const Variable& variable) {
  require<ValueError>(variable.defined(), "this variable has no value yet");
  auto op = std::make_shared<ReadVariable>();
  op->variable = variable;
  *this = ReadScope::converted(apply1(std::move(op), {}));
}

}  // namespace cornu::graph
