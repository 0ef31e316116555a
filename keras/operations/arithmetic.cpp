#include "cornu/keras/operations/arithmetic.h"

#include "cornu/graph/leaf.h"
#include "cornu/keras/operations/internal/operand.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/elementwise.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/matmul.h"
#include "cornu/ops/native/cast.h"

namespace cornu::keras {
namespace operations {

Argument internal::argument_of(const Operand& operand) {
  if (!operand.is_number()) return operand.tensor();
  return operand.is_whole() ? Literal(operand.whole()) : Literal(operand.number());
}

KerasTensor binary(std::string_view class_name, const Operand& a, const Operand& b) {
  return apply(class_name, {{"x1", internal::argument_of(a)}, {"x2", internal::argument_of(b)}});
}

namespace {

using Pair = std::pair<Tensor, Tensor>;

// Whole numbers and a broken one are computed in float32.
Pair operands(const Arguments& arguments) {
  Tensor a = arguments.tensor("x1", "x2"), b = arguments.tensor("x2", "x1");
  if (a.dtype() != b.dtype() && (graph::is_floating(a.dtype()) != graph::is_floating(b.dtype()))) {
    const graph::DType dtype = graph::is_floating(a.dtype()) ? a.dtype() : b.dtype();
    a = ops::cast(a, dtype), b = ops::cast(b, dtype);
  }
  return {a, b};
}

// Of whole numbers fractions.
Pair fractions(const Pair& x) {
  if (graph::is_floating(x.first.dtype())) return x;
  return {ops::cast(x.first, graph::float32), ops::cast(x.second, graph::float32)};
}
Pair alike(const Pair& x) { return x; }

// How the operands are taken once they are of one dtype.
bool add_binary(const char* class_name, const std::string& keras2, Tensor (*f)(const Pair&),
                Pair (*taken)(const Pair&)) {
  std::vector<std::string> names{"x", "y"};
  if (keras2 == "math.atan2") std::swap(names[0], names[1]);  // the second coordinate first
  return add({.class_name = class_name,
              .module = kNumpy,
              .parameters = {"x1", "x2"},
              .keras2 = keras2,
              .keras2_names = std::move(names),
              .compute = [f, taken](const Arguments& arguments) { return f(taken(operands(arguments))); }});
}

const bool arithmetic_registered = [] {
  add_binary(
      "TrueDivide", "math.truediv", [](const Pair& x) { return ops::divide(x.first, x.second); }, fractions);
  add({.class_name = "Matmul",
       .module = kNumpy,
       .parameters = {"x1", "x2"},
       .keras2 = "linalg.matmul",
       .keras2_names = {"a", "b"},
       .compute = [](const Arguments& a) { return ops::matmul(a.tensor("x1"), a.tensor("x2")); }});
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

// Both the function on symbolic tensors and the operation that it stands for: the function's name, Keras' class,
// TensorFlow's function in files of Keras 2 (empty: none), and what is made of two operands of one dtype.
#define CORNU_BINARY(function, class_name, keras2, taken)                                                \
  KerasTensor function(const KerasTensor& a, const Operand& b) { return binary(#class_name, a, b); }     \
  static const bool function##_registered = keras::operations::add_binary(                               \
      #class_name, keras2, [](const keras::operations::Pair& x) { return function(x.first, x.second); }, \
      keras::operations::taken)

CORNU_BINARY(add, Add, "__operators__.add", alike);
CORNU_BINARY(subtract, Subtract, "math.subtract", alike);
CORNU_BINARY(multiply, Multiply, "math.multiply", alike);
CORNU_BINARY(divide, Divide, "math.divide", fractions);
CORNU_BINARY(floor_divide, FloorDivide, "math.floordiv", alike);
CORNU_BINARY(mod, Mod, "math.floormod", alike);
CORNU_BINARY(power, Power, "math.pow", alike);
CORNU_BINARY(maximum, Maximum, "math.maximum", alike);
CORNU_BINARY(minimum, Minimum, "math.minimum", alike);
CORNU_BINARY(arctan2, Arctan2, "math.atan2", fractions);
CORNU_BINARY(hypot, Hypot, "", fractions);
CORNU_BINARY(logaddexp, Logaddexp, "", fractions);
CORNU_BINARY(equal, Equal, "math.equal", alike);
CORNU_BINARY(not_equal, NotEqual, "math.not_equal", alike);
CORNU_BINARY(greater, Greater, "math.greater", alike);
CORNU_BINARY(greater_equal, GreaterEqual, "math.greater_equal", alike);
CORNU_BINARY(less, Less, "math.less", alike);
CORNU_BINARY(less_equal, LessEqual, "math.less_equal", alike);
CORNU_BINARY(logical_and, LogicalAnd, "math.logical_and", alike);
CORNU_BINARY(logical_or, LogicalOr, "math.logical_or", alike);
CORNU_BINARY(logical_xor, LogicalXor, "math.logical_xor", alike);
#undef CORNU_BINARY

KerasTensor matmul(const KerasTensor& a, const KerasTensor& b) { return binary("Matmul", a, b); }

}  // namespace cornu::ops
