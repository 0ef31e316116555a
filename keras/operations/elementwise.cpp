#include "cornu/keras/operations/elementwise.h"

#include "cornu/graph/leaf.h"
#include "cornu/keras/operations/operation.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/activations.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/softmax.h"

namespace cornu::keras::operations {
namespace {

bool add_unary(const char* class_name, const char* module, const char* keras2, Tensor (*f)(const Tensor&)) {
  return add({.class_name = class_name,
              .module = module,
              .parameters = {"x"},
              .keras2 = keras2,
              .compute = [f](const Arguments& arguments) { return f(arguments.tensor("x")); }});
}

// As Keras: some functions of whole numbers give whole numbers, the others are computed in float32.
bool is_whole(const Tensor& x) { return !graph::is_floating(x.dtype()); }
Tensor fractions(const Tensor& x) { return is_whole(x) ? ops::cast(x, graph::float32) : x; }

const bool elementwise_registered = [] {
  add_unary("Absolute", kNumpy, "math.abs", [](const Tensor& x) {
    return is_whole(x) ? ops::maximum(x, ops::subtract(graph::constant(0, x.dtype()), x)) : ops::abs(x);
  });
  add_unary("Exp", kNumpy, "math.exp", [](const Tensor& x) { return ops::exp(fractions(x)); });
  add_unary("Log", kNumpy, "math.log", [](const Tensor& x) { return ops::log(fractions(x)); });
  add_unary("Sqrt", kNumpy, "math.sqrt", [](const Tensor& x) { return ops::sqrt(fractions(x)); });
  add_unary("Square", kNumpy, "math.square",
            [](const Tensor& x) { return is_whole(x) ? ops::multiply(x, x) : ops::square(x); });
  add_unary("Sin", kNumpy, "math.sin", [](const Tensor& x) { return ops::sin(fractions(x)); });
  add_unary("Cos", kNumpy, "math.cos", [](const Tensor& x) { return ops::cos(fractions(x)); });
  add_unary("Tanh", kNumpy, "math.tanh", [](const Tensor& x) { return ops::tanh(fractions(x)); });
  add_unary("Relu", kNn, "nn.relu", [](const Tensor& x) {
    return is_whole(x) ? ops::maximum(x, graph::constant(0, x.dtype())) : ops::relu(x);
  });
  add_unary("Relu6", kNn, "nn.relu6", [](const Tensor& x) { return ops::relu6(x); });
  add_unary("Sigmoid", kNn, "math.sigmoid", [](const Tensor& x) { return ops::sigmoid(fractions(x)); });
  add_unary("Softplus", kNn, "math.softplus", [](const Tensor& x) { return ops::softplus(fractions(x)); });
  add_unary("Softsign", kNn, "nn.softsign", [](const Tensor& x) { return ops::softsign(fractions(x)); });
  add_unary("Silu", kNn, "nn.silu", [](const Tensor& x) { return ops::silu(fractions(x)); });
  add_unary("Selu", kNn, "nn.selu", [](const Tensor& x) { return ops::selu(fractions(x)); });
  add({.class_name = "Elu", .module = kNn, .parameters = {"x"}, .config = {"alpha"}, .compute = [](const Arguments& a) {
         return ops::elu(fractions(a.tensor("x")), a.number("alpha", 1));
       }});
  add({.class_name = "Gelu",
       .module = kNn,
       .parameters = {"x"},
       .config = {"approximate"},
       .keras2 = "nn.gelu",
       .keras2_names = {"features", "approximate"},
       .compute = [](const Arguments& a) { return ops::gelu(fractions(a.tensor("x")), a.flag("approximate", true)); }});
  add({.class_name = "Softmax",
       .module = kNn,
       .parameters = {"x"},
       .config = {"axis"},
       .keras2 = "nn.softmax",
       .keras2_names = {"logits", "axis"},
       .compute = [](const Arguments& a) {
         return ops::softmax(fractions(a.tensor("x")), static_cast<int>(a.number("axis", -1)));
       }});
  add({.class_name = "Cast",
       .module = "keras.src.ops.core",
       .parameters = {"x"},
       .config = {"dtype"},
       .keras2 = "cast",
       .keras2_names = {"x", "dtype"},
       .compute = [](const Arguments& a) {
         return ops::cast(a.tensor("x"), graph::dtype_from_name(a.text("dtype")));
       }});
  return true;
}();

}  // namespace
}  // namespace cornu::keras::operations

namespace cornu::ops {

using keras::operations::apply;
using keras::operations::Literal;

KerasTensor negative(const KerasTensor& x) { return apply("Negative", {{"x", x}}); }
KerasTensor abs(const KerasTensor& x) { return apply("Absolute", {{"x", x}}); }
KerasTensor exp(const KerasTensor& x) { return apply("Exp", {{"x", x}}); }
KerasTensor log(const KerasTensor& x) { return apply("Log", {{"x", x}}); }
KerasTensor sqrt(const KerasTensor& x) { return apply("Sqrt", {{"x", x}}); }
KerasTensor square(const KerasTensor& x) { return apply("Square", {{"x", x}}); }
KerasTensor sin(const KerasTensor& x) { return apply("Sin", {{"x", x}}); }
KerasTensor cos(const KerasTensor& x) { return apply("Cos", {{"x", x}}); }
KerasTensor tanh(const KerasTensor& x) { return apply("Tanh", {{"x", x}}); }
KerasTensor relu(const KerasTensor& x) { return apply("Relu", {{"x", x}}); }
KerasTensor relu6(const KerasTensor& x) { return apply("Relu6", {{"x", x}}); }
KerasTensor sigmoid(const KerasTensor& x) { return apply("Sigmoid", {{"x", x}}); }
KerasTensor softplus(const KerasTensor& x) { return apply("Softplus", {{"x", x}}); }
KerasTensor softsign(const KerasTensor& x) { return apply("Softsign", {{"x", x}}); }
KerasTensor silu(const KerasTensor& x) { return apply("Silu", {{"x", x}}); }
KerasTensor selu(const KerasTensor& x) { return apply("Selu", {{"x", x}}); }
KerasTensor elu(const KerasTensor& x, double alpha) { return apply("Elu", {{"x", x}, {"alpha", Literal(alpha)}}); }
KerasTensor gelu(const KerasTensor& x, bool approximate) {
  return apply("Gelu", {{"x", x}, {"approximate", Literal(approximate)}});
}
KerasTensor softmax(const KerasTensor& x, int axis) {
  return apply("Softmax", {{"x", x}, {"axis", Literal(std::int64_t{axis})}});
}
KerasTensor cast(const KerasTensor& x, graph::DType dtype) {
  return apply("Cast", {{"x", x}, {"dtype", Literal(std::string(graph::name_of(dtype)))}});
}

}  // namespace cornu::ops
