#include "cornu/keras/operations/arithmetic.h"

#include "cornu/graph/leaf.h"
#include "cornu/keras/operations/operation.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/matmul.h"
#include "cornu/ops/native/cast.h"

namespace cornu::keras {
namespace operations {

namespace {

Argument argument_of(const Operand& operand) {
  if (!operand.is_number()) return operand.tensor();
  return operand.is_whole() ? Literal(operand.whole()) : Literal(operand.number());
}

}  // namespace

KerasTensor binary(std::string_view class_name, const Operand& a, const Operand& b) {
  return apply(class_name, {{"x1", argument_of(a)}, {"x2", argument_of(b)}});
}

namespace {

// Whole numbers and a broken one are computed in float32.
std::pair<Tensor, Tensor> operands(const Arguments& arguments) {
  Tensor a = arguments.tensor("x1", "x2"), b = arguments.tensor("x2", "x1");
  if (a.dtype() != b.dtype() && (graph::is_floating(a.dtype()) != graph::is_floating(b.dtype()))) {
    const graph::DType dtype = graph::is_floating(a.dtype()) ? a.dtype() : b.dtype();
    a = ops::cast(a, dtype), b = ops::cast(b, dtype);
  }
  return {a, b};
}

// Of whole numbers a fraction.
Tensor quotient(const Tensor& a, const Tensor& b) {
  if (graph::is_floating(a.dtype())) return ops::divide(a, b);
  return ops::divide(ops::cast(a, graph::float32), ops::cast(b, graph::float32));
}

bool add_binary(const char* class_name, const char* keras2, Tensor (*f)(const Tensor&, const Tensor&)) {
  return add({.class_name = class_name,
              .module = kNumpy,
              .parameters = {"x1", "x2"},
              .keras2 = keras2,
              .keras2_names = {"x", "y"},
              .compute = [f](const Arguments& arguments) {
                const auto [a, b] = operands(arguments);
                return f(a, b);
              }});
}

const bool arithmetic_registered = [] {
  add_binary("Add", "__operators__.add", [](const Tensor& a, const Tensor& b) { return ops::add(a, b); });
  add_binary("Subtract", "math.subtract", [](const Tensor& a, const Tensor& b) { return ops::subtract(a, b); });
  add_binary("Multiply", "math.multiply", [](const Tensor& a, const Tensor& b) { return ops::multiply(a, b); });
  add_binary("TrueDivide", "math.truediv", quotient);
  add_binary("Divide", "math.divide", quotient);
  add_binary("Power", "math.pow", [](const Tensor& a, const Tensor& b) { return ops::power(a, b); });
  add_binary("Maximum", "math.maximum", [](const Tensor& a, const Tensor& b) { return ops::maximum(a, b); });
  add_binary("Minimum", "math.minimum", [](const Tensor& a, const Tensor& b) { return ops::minimum(a, b); });
  add_binary("Equal", "math.equal", [](const Tensor& a, const Tensor& b) { return ops::equal(a, b); });
  add_binary("NotEqual", "math.not_equal", [](const Tensor& a, const Tensor& b) { return ops::not_equal(a, b); });
  add_binary("Greater", "math.greater", [](const Tensor& a, const Tensor& b) { return ops::greater(a, b); });
  add_binary("Less", "math.less", [](const Tensor& a, const Tensor& b) { return ops::less(a, b); });
  add({.class_name = "Matmul",
       .module = kNumpy,
       .parameters = {"x1", "x2"},
       .keras2 = "linalg.matmul",
       .keras2_names = {"a", "b"},
       .compute = [](const Arguments& a) { return ops::matmul(a.tensor("x1"), a.tensor("x2")); }});
  add({.class_name = "Negative",
       .module = kNumpy,
       .parameters = {"x"},
       .keras2 = "math.negative",
       .compute = [](const Arguments& a) {
         const Tensor x = a.tensor("x");
         return graph::is_floating(x.dtype()) ? ops::negative(x) : ops::subtract(graph::constant(0, x.dtype()), x);
       }});
  return true;
}();

}  // namespace
}  // namespace operations

using operations::binary;

KerasTensor operator+(const KerasTensor& a, const Operand& b) { return binary("Add", a, b); }
KerasTensor operator-(const KerasTensor& a, const Operand& b) { return binary("Subtract", a, b); }
KerasTensor operator*(const KerasTensor& a, const Operand& b) { return binary("Multiply", a, b); }
KerasTensor operator/(const KerasTensor& a, const Operand& b) { return binary("TrueDivide", a, b); }
KerasTensor operator-(const KerasTensor& a) { return operations::apply("Negative", {{"x", a}}); }

}  // namespace cornu::keras

namespace cornu::ops {

using keras::operations::binary;

KerasTensor add(const KerasTensor& a, const Operand& b) { return binary("Add", a, b); }
KerasTensor subtract(const KerasTensor& a, const Operand& b) { return binary("Subtract", a, b); }
KerasTensor multiply(const KerasTensor& a, const Operand& b) { return binary("Multiply", a, b); }
KerasTensor divide(const KerasTensor& a, const Operand& b) { return binary("Divide", a, b); }
KerasTensor power(const KerasTensor& a, const Operand& b) { return binary("Power", a, b); }
KerasTensor maximum(const KerasTensor& a, const Operand& b) { return binary("Maximum", a, b); }
KerasTensor minimum(const KerasTensor& a, const Operand& b) { return binary("Minimum", a, b); }
KerasTensor equal(const KerasTensor& a, const Operand& b) { return binary("Equal", a, b); }
KerasTensor not_equal(const KerasTensor& a, const Operand& b) { return binary("NotEqual", a, b); }
KerasTensor greater(const KerasTensor& a, const Operand& b) { return binary("Greater", a, b); }
KerasTensor less(const KerasTensor& a, const Operand& b) { return binary("Less", a, b); }
KerasTensor matmul(const KerasTensor& a, const KerasTensor& b) { return binary("Matmul", a, b); }

}  // namespace cornu::ops
