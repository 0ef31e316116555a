// Operators on each element of one tensor or more.
#include "cornu/ops/composite/elementwise.h"

#include <cmath>
#include <limits>
#include <numbers>

#include "cornu/graph/leaf.h"
#include "cornu/keras/onnx/importer.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/elementary.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/select.h"

namespace cornu::keras::onnx {
namespace {

using Unary = Tensor (*)(const Tensor&);

bool add_all(std::initializer_list<std::pair<const char*, Unary>> list) {
  for (const auto& [op_type, f] : list) add_import(op_type, [f = f](ImportCall& c) -> Tensors { return {f(c.in())}; });
  return true;
}

Tensor constant_like(double value, const Tensor& like) { return graph::constant(graph::full({}, value, like.dtype())); }

Tensor mish(const Tensor& x) { return x * ops::tanh(ops::softplus(x)); }
Tensor hard_swish(const Tensor& x) { return x * ops::clip(ops::linear(x, 1. / 6, 0.5), 0, 1); }
Tensor logical_not_of(const Tensor& x) { return ops::logical_not(x); }
Tensor negated(const Tensor& x) { return -x; }
Tensor same(const Tensor& x) { return x; }
// What is whole is so already.
template <Unary F>
Tensor rounded(const Tensor& x) {
  return graph::is_floating(x.dtype()) ? F(x) : x;
}

const bool unary_read = add_all({{"Abs", ops::abs},
                                 {"Acos", ops::arccos},
                                 {"Acosh", ops::arccosh},
                                 {"Asin", ops::arcsin},
                                 {"Asinh", ops::arcsinh},
                                 {"Atan", ops::arctan},
                                 {"Atanh", ops::arctanh},
                                 {"Ceil", rounded<ops::ceil>},
                                 {"Cos", ops::cos},
                                 {"Cosh", ops::cosh},
                                 {"Erf", ops::erf},
                                 {"Exp", ops::exp},
                                 {"Floor", rounded<ops::floor>},
                                 {"HardSwish", hard_swish},
                                 {"Identity", same},
                                 {"IsNaN", ops::isnan},
                                 {"Log", ops::log},
                                 {"Mish", mish},
                                 {"Neg", negated},
                                 {"Not", logical_not_of},
                                 {"Reciprocal", ops::reciprocal},
                                 {"Relu", ops::relu},
                                 {"Round", rounded<ops::round>},
                                 {"Sigmoid", ops::sigmoid},
                                 {"Sign", ops::sign},
                                 {"Sin", ops::sin},
                                 {"Sinh", ops::sinh},
                                 {"Softplus", ops::softplus},
                                 {"Softsign", ops::softsign},
                                 {"Sqrt", ops::sqrt},
                                 {"Tan", ops::tan},
                                 {"Tanh", ops::tanh}});

const bool celu_read = add_import("Celu", [](ImportCall& c) -> Tensors {
  const double alpha = c.number("alpha", 1);
  const Tensor x = c.in();
  const Tensor below = ops::linear(ops::expm1(ops::minimum(x, constant_like(0, x)) * (1 / alpha)), alpha, 0);
  return {ops::maximum(x, constant_like(0, x)) + ops::minimum(below, constant_like(0, x))};
});
const bool elu_read =
    add_import("Elu", [](ImportCall& c) -> Tensors { return {ops::elu(c.in(), c.number("alpha", 1))}; });
const bool selu_read = add_import("Selu", [](ImportCall& c) -> Tensors {
  return {ops::elu(c.in(), c.number("alpha", 1.67326319217681884765625)) *
          c.number("gamma", 1.05070102214813232421875)};
});
const bool leaky_relu_read = add_import(
    "LeakyRelu", [](ImportCall& c) -> Tensors { return {ops::leaky_relu(c.in(), c.number("alpha", 0.01))}; });
const bool thresholded_relu_read = add_import("ThresholdedRelu", [](ImportCall& c) -> Tensors {
  const Tensor x = c.in();
  return {ops::where(ops::greater(x, constant_like(c.number("alpha", 1), x)), x, constant_like(0, x))};
});
const bool hard_sigmoid_read = add_import("HardSigmoid", [](ImportCall& c) -> Tensors {
  return {ops::clip(ops::linear(c.in(), c.number("alpha", 0.2), c.number("beta", 0.5)), 0, 1)};
});
const bool gelu_import_read = add_import(
    "Gelu", [](ImportCall& c) -> Tensors { return {ops::gelu(c.in(), c.text("approximate", "none") == "tanh")}; });
const bool swish_read = add_import(
    "Swish", [](ImportCall& c) -> Tensors { return {c.in() * ops::sigmoid(c.in() * c.number("alpha", 1))}; });
const bool shrink_read = add_import("Shrink", [](ImportCall& c) -> Tensors {
  const double lambda = c.number("lambd", 0.5), bias = c.number("bias", 0);
  const Tensor x = c.in(), none = constant_like(0, x);
  return {ops::where(ops::less(x, constant_like(-lambda, x)), x + bias,
                     ops::where(ops::greater(x, constant_like(lambda, x)), x - bias, none))};
});
const bool prelu_read = add_import("PRelu", [](ImportCall& c) -> Tensors {
  const Tensor x = c.in(0), slope = c.in(1), none = constant_like(0, x);
  return {ops::where(ops::less(x, none), x * slope, x)};
});
const bool is_inf_read = add_import("IsInf", [](ImportCall& c) -> Tensors {
  const Tensor x = c.in();
  const double infinity = std::numeric_limits<double>::infinity();
  const Tensor up = ops::equal(x, constant_like(infinity, x)), down = ops::equal(x, constant_like(-infinity, x));
  const bool positive = c.flag("detect_positive", true), negative = c.flag("detect_negative", true);
  if (positive && negative) return {ops::logical_or(up, down)};
  return {positive ? up : negative ? down : ops::logical_and(up, down)};
});
// In inference nothing is dropped.
const bool dropout_read = add_import("Dropout", [](ImportCall& c) -> Tensors {
  if (c.has(2) && c.numbers(2).item<bool>() && (!c.has(1) || c.number(1) != 0))
    c.refuse("drops elements also in inference (training_mode)");
  return {c.in(), graph::constant(graph::full(c.in().shape(), 1, graph::bool_))};
});
const bool clip_read = add_import("Clip", [](ImportCall& c) -> Tensors {
  Tensor x = c.in();
  if (c.opset() < 11) {
    const double most = static_cast<double>(std::numeric_limits<float>::max());
    return {ops::clip(x, c.number("min", -most), c.number("max", most))};
  }
  if (c.has(1)) x = ops::maximum(x, c.in(1));
  if (c.has(2)) x = ops::minimum(x, c.in(2));
  return {x};
});
const bool cast_read =
    add_import("Cast", [](ImportCall& c) -> Tensors { return {ops::cast(c.in(), c.dtype("to", 1))}; });
const bool cast_like_read =
    add_import("CastLike", [](ImportCall& c) -> Tensors { return {ops::cast(c.in(0), c.in(1).dtype())}; });

// Before opset 7, b went along a's axes from `axis` on.
Tensor second(const ImportCall& c) {
  Tensor b = c.in(1);
  if (c.opset() >= 7 || !c.flag("broadcast", false)) return b;
  const int rank = c.in(0).ndim();
  const auto axis = static_cast<int>(c.integer("axis", rank - b.ndim()));
  graph::Shape shape = b.shape();
  while (shape.rank() < rank - (axis < 0 ? axis + rank : axis)) shape = shape.append(1);
  return ops::reshape(b, shape);
}

using Binary = Tensor (*)(const Tensor&, const Tensor&);
bool add_binary(std::initializer_list<std::pair<const char*, Binary>> list) {
  for (const auto& [op_type, f] : list)
    add_import(op_type, [f = f](ImportCall& c) -> Tensors { return {f(c.in(0), second(c))}; });
  return true;
}

// Whole numbers are cut off, not rounded down.
Tensor quotient(const Tensor& a, const Tensor& b) {
  if (graph::is_floating(a.dtype())) return ops::divide(a, b);
  const Tensor down = ops::floor_divide(a, b), none = constant_like(0, a);
  if (a.dtype() == graph::uint8) return down;
  const Tensor some = ops::not_equal(ops::mod(a, b), none),
               apart = ops::logical_xor(ops::less(a, none), ops::less(b, none));
  return ops::where(ops::logical_and(some, apart), down + constant_like(1, a), down);
}

Tensor power_of(const Tensor& a, const Tensor& b) {
  const Tensor y = ops::power(ops::cast(a, graph::float32), ops::cast(b, graph::float32));
  return ops::cast(graph::is_floating(a.dtype()) ? y : ops::round(y), a.dtype());
}

const bool binary_read = add_binary({{"Add", ops::add},
                                     {"And", ops::logical_and},
                                     {"Div", quotient},
                                     {"Equal", ops::equal},
                                     {"Greater", ops::greater},
                                     {"GreaterOrEqual", ops::greater_equal},
                                     {"Less", ops::less},
                                     {"LessOrEqual", ops::less_equal},
                                     {"Mul", ops::multiply},
                                     {"Or", ops::logical_or},
                                     {"Pow", power_of},
                                     {"Sub", ops::subtract},
                                     {"Xor", ops::logical_xor}});

const bool mod_read = add_import("Mod", [](ImportCall& c) -> Tensors {
  const Tensor a = c.in(0), b = c.in(1);
  const Tensor rest = ops::mod(a, b);
  if (!c.flag("fmod", false) || a.dtype() == graph::uint8) return {rest};
  // The rest with the sign of a.
  const Tensor none = constant_like(0, a);
  const Tensor other =
      ops::logical_and(ops::not_equal(rest, none), ops::logical_xor(ops::less(a, none), ops::less(b, none)));
  return {ops::where(other, rest - b, rest)};
});

bool add_folded(const char* op_type, Binary f, bool mean = false) {
  return add_import(op_type, [f, mean](ImportCall& c) -> Tensors {
    Tensor y = c.in(0);
    for (int i = 1; i < c.inputs(); ++i) y = f(y, c.in(i));
    return {mean ? y * (1. / c.inputs()) : y};
  });
}
const bool folded_read = add_folded("Max", ops::maximum) && add_folded("Min", ops::minimum) &&
                         add_folded("Sum", ops::add) && add_folded("Mean", ops::add, true);

const bool where_read =
    add_import("Where", [](ImportCall& c) -> Tensors { return {ops::where(c.in(0), c.in(1), c.in(2))}; });

}  // namespace
}  // namespace cornu::keras::onnx
