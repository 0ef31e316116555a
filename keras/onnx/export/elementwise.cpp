// What each element becomes, of one tensor, two or three.
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include "cornu/keras/onnx/exporter.h"

namespace cornu::keras::onnx {
namespace {

constexpr double kNoLimit = std::numeric_limits<double>::infinity();

/// Runtimes compute uint8 seldom: as int32 it wraps alike.
bool narrow(const Spec& spec) { return spec.dtype == graph::uint8; }

std::string widened(ExportCall& c, int i) { return narrow(c.spec(i)) ? c.cast(c.in(i), graph::int32) : c.in(i); }

void give_narrowed(ExportCall& c, const std::string& value) {
  c.give(0, narrow(c.out_spec()) ? c.cast(value, graph::uint8) : value);
}

ExportFunction one_to_one(const char* op_type) {
  return [op_type](ExportCall& c) { give_narrowed(c, c.node(op_type, {widened(c, 0)})); };
}
ExportFunction of_two(const char* op_type) {
  return [op_type](ExportCall& c) { give_narrowed(c, c.node(op_type, {widened(c, 0), widened(c, 1)})); };
}

const bool plain_written = [] {
  for (const auto& [op, op_type] : {std::pair{"tanh", "Tanh"},
                                    {"sigmoid", "Sigmoid"},
                                    {"softplus", "Softplus"},
                                    {"softsign", "Softsign"},
                                    {"exp", "Exp"},
                                    {"log", "Log"},
                                    {"sqrt", "Sqrt"},
                                    {"abs", "Abs"},
                                    {"sin", "Sin"},
                                    {"cos", "Cos"},
                                    {"sign", "Sign"},
                                    {"floor", "Floor"},
                                    {"round", "Round"},
                                    {"reciprocal", "Reciprocal"},
                                    {"erf", "Erf"},
                                    {"tan", "Tan"},
                                    {"arcsin", "Asin"},
                                    {"arccos", "Acos"},
                                    {"arctan", "Atan"},
                                    {"sinh", "Sinh"},
                                    {"cosh", "Cosh"},
                                    {"arcsinh", "Asinh"},
                                    {"arccosh", "Acosh"},
                                    {"arctanh", "Atanh"},
                                    {"logical_not", "Not"}})
    add_export(op, one_to_one(op_type));
  for (const auto& [op, op_type] : {std::pair{"add", "Add"},
                                    {"subtract", "Sub"},
                                    {"multiply", "Mul"},
                                    {"divide", "Div"},
                                    {"maximum", "Max"},
                                    {"minimum", "Min"},
                                    {"power", "Pow"},
                                    {"logical_and", "And"},
                                    {"logical_or", "Or"}})
    add_export(op, of_two(op_type));
  return true;
}();

ExportFunction comparison(const char* op_type, bool opposite) {
  return [op_type, opposite](ExportCall& c) {
    const DType dtype = c.spec().dtype;
    const bool narrow_type = dtype == graph::uint8 || (dtype == graph::bool_ && std::string(op_type) != "Equal");
    const auto in = [&](int i) { return narrow_type ? c.cast(c.in(i), graph::int32) : c.in(i); };
    const std::string y = c.node(op_type, {in(0), in(1)});
    c.give(0, opposite ? c.node("Not", {y}) : y);
  };
}
const bool comparisons_written = add_export("equal", comparison("Equal", false)) &&
                                 add_export("not_equal", comparison("Equal", true)) &&
                                 add_export("greater", comparison("Greater", false)) &&
                                 add_export("greater_equal", comparison("GreaterOrEqual", false));

std::string scaled(ExportCall& c, const std::string& x, double factor) {
  return factor == 1 ? x : c.node("Mul", {x, c.number(factor, graph::float32)});
}
std::string shifted(ExportCall& c, const std::string& x, double term) {
  return term == 0 ? x : c.node("Add", {x, c.number(term, graph::float32)});
}

const bool relu_written = add_export("relu", [](ExportCall& c) {
  const double slope = c.number("slope"), most = c.number("most");
  const DType dtype = c.spec().dtype;
  if (!graph::is_floating(dtype))
    return give_narrowed(
        c, c.node("Max", {widened(c, 0),
                          c.number(0, graph::is_floating(dtype) || dtype == graph::int64 ? dtype : graph::int32)}));
  if (slope != 0) return c.give(0, c.node("LeakyRelu", {c.in()}, {{"alpha", slope}}));
  if (most < kNoLimit) return c.give(0, c.node("Clip", {c.in(), c.number(0, dtype), c.number(most, dtype)}));
  c.give(0, c.node("Relu", {c.in()}));
});

const bool elu_written = add_export("elu", [](ExportCall& c) {
  c.give(0, c.node("Elu", {c.in()}, {{"alpha", c.number("alpha")}}));
});

const bool gelu_written = add_export("gelu", [](ExportCall& c) {  // a node of its own since opset 20
  const std::string x = c.in();
  std::string curve;
  if (c.flag("approximate")) {
    const std::string cubed = c.node("Mul", {c.node("Mul", {x, x}), x});
    const double a = std::numbers::sqrt2 * std::numbers::inv_sqrtpi;
    curve = c.node("Tanh", {scaled(c, c.node("Add", {x, scaled(c, cubed, 0.044715)}), a)});
  } else {
    curve = c.node("Erf", {scaled(c, x, 1 / std::numbers::sqrt2)});
  }
  c.give(0, c.node("Mul", {scaled(c, x, 0.5), shifted(c, curve, 1)}));
});

const bool square_written = add_export("square", [](ExportCall& c) {
  const std::string x = widened(c, 0);
  give_narrowed(c, c.node("Mul", {x, x}));
});

const bool power_scalar_written = add_export("power_scalar", [](ExportCall& c) {
  c.give(0, c.node("Pow", {c.in(), c.number(c.number("exponent"), graph::float32)}));
});

const bool clip_written = add_export("clip", [](ExportCall& c) {
  std::string y = c.in();
  if (c.number("low") > -kNoLimit) y = c.node("Max", {y, c.number(c.number("low"), graph::float32)});
  if (c.number("high") < kNoLimit) y = c.node("Min", {y, c.number(c.number("high"), graph::float32)});
  c.give(0, y);
});

const bool linear_written = add_export("linear", [](ExportCall& c) {
  const double alpha = c.number("alpha"), beta = c.number("beta");
  c.give(0, alpha == -1 && beta == 0 ? c.node("Neg", {c.in()}) : shifted(c, scaled(c, c.in(), alpha), beta));
});

const bool expm1_written = add_export("expm1", [](ExportCall& c) {
  // exp(x) - 1 loses digits near 0, where tanh has them: 2 t / (1 - t) with t = tanh(x / 2). Elsewhere that overflows.
  const std::string t = c.node("Tanh", {scaled(c, c.in(), 0.5)});
  const std::string near = c.node("Div", {scaled(c, t, 2), c.node("Sub", {c.number(1, graph::float32), t})});
  const std::string is_near = c.node("Less", {c.node("Abs", {c.in()}), c.number(0.5, graph::float32)});
  c.give(0, c.node("Where", {is_near, near, shifted(c, c.node("Exp", {c.in()}), -1)}));
});

const bool log1p_written = add_export("log1p", [](ExportCall& c) {
  // log(u) x / (u - 1) with u = 1 + x rounded, which takes the rounding back (Kahan); x where u is 1.
  const std::string u = shifted(c, c.in(), 1), one = c.number(1, graph::float32);
  const std::string rounded = c.node("Sub", {u, one});
  const std::string corrected = c.node("Div", {c.node("Mul", {c.node("Log", {u}), c.in()}), rounded});
  const std::string far = c.node("Greater", {c.node("Abs", {c.in()}), c.number(1e4, graph::float32)});
  const std::string tiny = c.node("Equal", {u, one});
  c.give(0, c.node("Where", {tiny, c.in(), c.node("Where", {far, c.node("Log", {u}), corrected})}));
});

const bool cast_written = add_export("cast", [](ExportCall& c) { c.give(0, c.cast(c.in(), c.out_spec().dtype)); });
const bool stop_gradient_written = add_export("stop_gradient", [](ExportCall& c) { c.give(0, c.in()); });
// What it computes is its first inputs; the others are for its gradient.
const bool custom_gradient_written = add_export("custom_gradient", [](ExportCall& c) {
  for (int i = 0; i < c.outputs(); ++i) c.give(i, c.in(i));
});

/// Where the signs of a quotient differ and something is left over.
std::string leaves_rest(ExportCall& c, const std::string& rest, const std::string& b, const std::string& zero) {
  const std::string some = c.node("Not", {c.node("Equal", {rest, zero})});
  return c.node("And", {some, c.node("Xor", {c.node("Less", {rest, zero}), c.node("Less", {b, zero})})});
}

const bool mod_written = add_export("mod", [](ExportCall& c) {
  const bool whole = !graph::is_floating(c.spec().dtype);
  const DType dtype = narrow(c.spec()) ? graph::int32 : c.spec().dtype;
  const std::string a = widened(c, 0), b = widened(c, 1), zero = c.number(0, dtype);
  if (!whole) {
    const std::string rest = c.node("Mod", {a, b}, {{"fmod", 1}});
    return c.give(0, c.node("Where", {leaves_rest(c, rest, b, zero), c.node("Add", {rest, b}), rest}));
  }
  const std::string none = c.node("Equal", {b, zero});
  const std::string safe = c.node("Where", {none, c.number(1, dtype), b});
  give_narrowed(c, c.node("Where", {none, zero, c.node("Mod", {a, safe})}));
});

const bool floor_divide_written = add_export("floor_divide", [](ExportCall& c) {
  if (graph::is_floating(c.spec().dtype)) return c.give(0, c.node("Floor", {c.node("Div", {c.in(0), c.in(1)})}));
  const DType dtype = narrow(c.spec()) ? graph::int32 : c.spec().dtype;
  const std::string a = widened(c, 0), b = widened(c, 1), zero = c.number(0, dtype);
  const std::string none = c.node("Equal", {b, zero});
  const std::string safe = c.node("Where", {none, c.number(1, dtype), b});
  const std::string whole =
      c.node("Sub", {a, c.node("Mod", {a, safe})});  // a multiple of b, so that nothing is cut off
  give_narrowed(c, c.node("Where", {none, zero, c.node("Div", {whole, safe})}));
});

const bool arctan2_written = add_export("arctan2", [](ExportCall& c) {
  const std::string y = c.in(0), x = c.in(1), zero = c.number(0, graph::float32);
  const std::string left = c.node("Less", {x, zero}), below = c.node("Less", {y, zero}),
                    upright = c.node("Equal", {x, zero}), level = c.node("Equal", {y, zero});
  const auto choose = [&](const std::string& if_below, double a, double b) {
    return c.node("Where", {if_below, c.number(a, graph::float32), c.number(b, graph::float32)});
  };
  const std::string angle = c.node("Atan", {c.node("Div", {y, x})});
  const std::string turned =
      c.node("Add", {angle, c.node("Where", {left, choose(below, -std::numbers::pi, std::numbers::pi), zero})});
  const std::string steep = c.node("Where", {level, zero, choose(below, -std::numbers::pi / 2, std::numbers::pi / 2)});
  c.give(0, c.node("Where", {upright, steep, turned}));
});

/// ONNX's Where of bools and uint8 is not everywhere: they go through int32.
std::string chosen_of(ExportCall& c, const std::string& condition, int a, int b) {
  const DType dtype = c.spec(a).dtype;
  const bool through = dtype == graph::bool_ || dtype == graph::uint8;
  const auto in = [&](int i) { return through ? c.cast(c.in(i), graph::int32) : c.in(i); };
  const std::string y = c.node("Where", {condition, in(a), in(b)});
  return through ? c.cast(y, dtype) : y;
}
const bool where_written =
    add_export("where", [](ExportCall& c) { c.give(0, chosen_of(c, c.in(0), 1, 2)); }) &&
    add_export("where_nonzero", [](ExportCall& c) { c.give(0, chosen_of(c, c.cast(c.in(0), graph::bool_), 1, 2)); });

}  // namespace
}  // namespace cornu::keras::onnx
