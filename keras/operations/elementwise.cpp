#include "cornu/keras/operations/elementwise.h"

#include "cornu/graph/leaf.h"
#include "cornu/keras/operations/operation.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/activations.h"
#include "cornu/ops/composite/elementwise.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/elementary.h"
#include "cornu/ops/softmax.h"

namespace cornu::keras::operations {
namespace {

// As Keras: some functions of whole numbers give whole numbers, the others are computed in float32.
Tensor fractions(const Tensor& x) { return graph::is_floating(x.dtype()) ? x : ops::cast(x, graph::float32); }
Tensor as_given(const Tensor& x) { return x; }

bool add_unary(const char* class_name, const char* module, const char* keras2, Tensor (*f)(const Tensor&)) {
  return add({.class_name = class_name,
              .module = module,
              .parameters = {"x"},
              .keras2 = keras2,
              .compute = [f](const Arguments& arguments) { return f(arguments.tensor("x")); }});
}

const bool elementwise_registered = [] {
  add({.class_name = "Elu", .module = kNn, .parameters = {"x"}, .config = {"alpha"}, .compute = [](const Arguments& a) {
         return ops::elu(fractions(a.tensor("x")), a.number("alpha", 1));
       }});
  add({.class_name = "LeakyRelu",
       .module = kNn,
       .parameters = {"x"},
       .config = {"negative_slope"},
       .keras2 = "nn.leaky_relu",
       .keras2_names = {"features", "alpha"},
       .compute = [](const Arguments& a) {
         return ops::leaky_relu(fractions(a.tensor("x")), a.number("negative_slope", 0.2));
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
  add({.class_name = "Round",
       .module = kNumpy,
       .parameters = {"x"},
       .config = {"decimals"},
       .compute = [](const Arguments& a) {
         return ops::round(a.tensor("x"), static_cast<int>(a.number("decimals", 0)));
       }});
  add({.class_name = "Clip",
       .module = kNumpy,
       .parameters = {"x"},
       .config = {"x_min", "x_max"},
       .keras2 = "clip_by_value",
       .keras2_names = {"t", "clip_value_min", "clip_value_max"},
       .compute = [](const Arguments& a) {
         return ops::clip(a.tensor("x"), a.number("x_min", 0), a.number("x_max", 0));
       }});
  add({.class_name = "NanToNum",
       .module = kNumpy,
       .parameters = {"x"},
       .config = {"nan", "posinf", "neginf"},
       .compute = [](const Arguments& a) {
         const auto given = [&](const char* name) {
           return a.is_none(name) ? std::nullopt : std::optional(a.number(name, 0));
         };
         return ops::nan_to_num(a.tensor("x"), a.number("nan", 0), given("posinf"), given("neginf"));
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

// Both the function on symbolic tensors and the operation that it stands for: the function's name, Keras' class and its
// module, TensorFlow's function in files of Keras 2 (empty: none), and how the argument is taken.
#define CORNU_UNARY(function, class_name, module, keras2, taken)                        \
  KerasTensor function(const KerasTensor& x) { return apply(#class_name, {{"x", x}}); } \
  static const bool function##_registered =                                             \
      keras::operations::add_unary(#class_name, keras::operations::module, keras2,      \
                                   [](const Tensor& x) { return ops::function(keras::operations::taken(x)); })

CORNU_UNARY(negative, Negative, kNumpy, "math.negative", as_given);
CORNU_UNARY(abs, Absolute, kNumpy, "math.abs", as_given);
CORNU_UNARY(exp, Exp, kNumpy, "math.exp", fractions);
CORNU_UNARY(exp2, Exp2, kNumpy, "", fractions);
CORNU_UNARY(expm1, Expm1, kNumpy, "math.expm1", fractions);
CORNU_UNARY(log, Log, kNumpy, "math.log", fractions);
CORNU_UNARY(log2, Log2, kNumpy, "", fractions);
CORNU_UNARY(log10, Log10, kNumpy, "", fractions);
CORNU_UNARY(log1p, Log1p, kNumpy, "math.log1p", fractions);
CORNU_UNARY(sqrt, Sqrt, kNumpy, "math.sqrt", fractions);
CORNU_UNARY(rsqrt, Rsqrt, kMath, "math.rsqrt", fractions);
CORNU_UNARY(square, Square, kNumpy, "math.square", as_given);
CORNU_UNARY(reciprocal, Reciprocal, kNumpy, "math.reciprocal", fractions);
CORNU_UNARY(sign, Sign, kNumpy, "math.sign", as_given);
CORNU_UNARY(floor, Floor, kNumpy, "math.floor", fractions);
CORNU_UNARY(ceil, Ceil, kNumpy, "math.ceil", fractions);
CORNU_UNARY(trunc, Trunc, kNumpy, "", as_given);
CORNU_UNARY(sin, Sin, kNumpy, "math.sin", fractions);
CORNU_UNARY(cos, Cos, kNumpy, "math.cos", fractions);
CORNU_UNARY(tan, Tan, kNumpy, "math.tan", fractions);
CORNU_UNARY(arcsin, Arcsin, kNumpy, "math.asin", fractions);
CORNU_UNARY(arccos, Arccos, kNumpy, "math.acos", fractions);
CORNU_UNARY(arctan, Arctan, kNumpy, "math.atan", fractions);
CORNU_UNARY(sinh, Sinh, kNumpy, "math.sinh", fractions);
CORNU_UNARY(cosh, Cosh, kNumpy, "math.cosh", fractions);
CORNU_UNARY(tanh, Tanh, kNumpy, "math.tanh", fractions);
CORNU_UNARY(arcsinh, Arcsinh, kNumpy, "math.asinh", fractions);
CORNU_UNARY(arccosh, Arccosh, kNumpy, "math.acosh", fractions);
CORNU_UNARY(arctanh, Arctanh, kNumpy, "math.atanh", fractions);
CORNU_UNARY(erf, Erf, kMath, "math.erf", fractions);
CORNU_UNARY(erfinv, Erfinv, kMath, "math.erfinv", fractions);
CORNU_UNARY(isnan, Isnan, kNumpy, "math.is_nan", as_given);
CORNU_UNARY(isinf, Isinf, kNumpy, "math.is_inf", as_given);
CORNU_UNARY(isfinite, Isfinite, kNumpy, "math.is_finite", as_given);
CORNU_UNARY(logical_not, LogicalNot, kNumpy, "math.logical_not", as_given);
CORNU_UNARY(relu, Relu, kNn, "nn.relu", as_given);
CORNU_UNARY(relu6, Relu6, kNn, "nn.relu6", as_given);
CORNU_UNARY(sigmoid, Sigmoid, kNn, "math.sigmoid", fractions);
CORNU_UNARY(log_sigmoid, LogSigmoid, kNn, "math.log_sigmoid", fractions);
CORNU_UNARY(hard_sigmoid, HardSigmoid, kNn, "", fractions);
CORNU_UNARY(hard_silu, HardSilu, kNn, "", fractions);
CORNU_UNARY(hard_tanh, HardTanh, kNn, "", fractions);
CORNU_UNARY(softplus, Softplus, kNn, "math.softplus", fractions);
CORNU_UNARY(softsign, Softsign, kNn, "nn.softsign", fractions);
CORNU_UNARY(tanh_shrink, TanhShrink, kNn, "", fractions);
CORNU_UNARY(silu, Silu, kNn, "nn.silu", fractions);
CORNU_UNARY(selu, Selu, kNn, "nn.selu", fractions);
CORNU_UNARY(sparse_plus, SparsePlus, kNn, "", fractions);
CORNU_UNARY(sparse_sigmoid, SparseSigmoid, kNn, "", fractions);
#undef CORNU_UNARY

KerasTensor elu(const KerasTensor& x, double alpha) { return apply("Elu", {{"x", x}, {"alpha", Literal(alpha)}}); }
KerasTensor leaky_relu(const KerasTensor& x, double negative_slope) {
  return apply("LeakyRelu", {{"x", x}, {"negative_slope", Literal(negative_slope)}});
}
KerasTensor gelu(const KerasTensor& x, bool approximate) {
  return apply("Gelu", {{"x", x}, {"approximate", Literal(approximate)}});
}
KerasTensor softmax(const KerasTensor& x, int axis) {
  return apply("Softmax", {{"x", x}, {"axis", Literal(std::int64_t{axis})}});
}
KerasTensor round(const KerasTensor& x, int decimals) {
  return apply("Round", {{"x", x}, {"decimals", Literal(std::int64_t{decimals})}});
}
KerasTensor clip(const KerasTensor& x, double x_min, double x_max) {
  return apply("Clip", {{"x", x}, {"x_min", Literal(x_min)}, {"x_max", Literal(x_max)}});
}
KerasTensor nan_to_num(const KerasTensor& x, double nan, std::optional<double> posinf, std::optional<double> neginf) {
  const auto literal = [](const std::optional<double>& number) { return number ? Literal(*number) : Literal(); };
  return apply("NanToNum", {{"x", x}, {"nan", Literal(nan)}, {"posinf", literal(posinf)}, {"neginf", literal(neginf)}});
}
KerasTensor cast(const KerasTensor& x, graph::DType dtype) {
  return apply("Cast", {{"x", x}, {"dtype", Literal(std::string(graph::name_of(dtype)))}});
}

}  // namespace cornu::ops
