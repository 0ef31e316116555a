#include "cornu/ops/native/elementary.h"

#include <cmath>
#include <limits>
#include <numbers>

#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/internal/eltwise_op.h"

namespace cornu::ops {
namespace {

/// One function: its value, and dx from x, y = f(x) and dy.
struct Function {
  std::string_view name;
  float (*value)(float x);
  Tensor (*gradient)(const Tensor& x, const Tensor& y, const Tensor& dy);
};

template <const Function& function>
struct Elementary final : internal::EltwiseOp {
  std::string_view name() const override { return function.name; }
  Loop loop() const override {
    return [](const float* x, float* y, std::int64_t n) {
      for (std::int64_t i = 0; i < n; ++i) y[i] = function.value(x[i]);
    };
  }
  Tensors gradient(const Backward& b) const override { return {function.gradient(b.x(), b.y(), b.dy())}; }
};

/// 1 - x^2, which the product gives with all digits near 1 and -1 as well.
Tensor one_less_square(const Tensor& x) { return (1 - x) * (1 + x); }

/// A first guess by Winitzki's formula ("A handy approximation for the error function and its inverse", 2008), within
/// 0.002; Halley's steps for erf(y) - x triple its digits each.
float inverse_erf(float value) {
  const double x = value, distance = 1 - std::abs(x);
  if (!(distance > 0)) {
    if (distance == 0) return std::copysign(std::numeric_limits<float>::infinity(), value);
    return std::numeric_limits<float>::quiet_NaN();
  }
  constexpr double a = 0.147;
  const double log = std::log1p(-x * x), half = std::numbers::inv_pi * 2 / a + log / 2;
  double y = std::copysign(std::sqrt(std::sqrt(half * half - log / a) - half), x);
  for (int step = 0; step < 2; ++step) {
    const double error = (std::erf(y) - x) / (2 * std::numbers::inv_sqrtpi * std::exp(-y * y));
    y -= error / (1 + y * error);
  }
  return static_cast<float>(y);
}

using In = const Tensor&;
constexpr Function kExpm1{"expm1", [](float x) { return std::expm1(x); }, [](In x, In, In dy) { return dy * exp(x); }};
constexpr Function kLog1p{"log1p", [](float x) { return std::log1p(x); }, [](In x, In, In dy) { return dy / (1 + x); }};
constexpr Function kTan{"tan", [](float x) { return std::tan(x); },
                        [](In, In y, In dy) { return dy * (1 + square(y)); }};
constexpr Function kArcsin{"arcsin", [](float x) { return std::asin(x); },
                           [](In x, In, In dy) { return dy / sqrt(one_less_square(x)); }};
constexpr Function kArccos{"arccos", [](float x) { return std::acos(x); },
                           [](In x, In, In dy) { return negative(dy / sqrt(one_less_square(x))); }};
constexpr Function kArctan{"arctan", [](float x) { return std::atan(x); },
                           [](In x, In, In dy) { return dy / (1 + square(x)); }};
constexpr Function kSinh{"sinh", [](float x) { return std::sinh(x); }, [](In x, In, In dy) { return dy * cosh(x); }};
constexpr Function kCosh{"cosh", [](float x) { return std::cosh(x); }, [](In x, In, In dy) { return dy * sinh(x); }};
// By the output: the square of the input may be infinite.
constexpr Function kArcsinh{"arcsinh", [](float x) { return std::asinh(x); },
                            [](In, In y, In dy) { return dy / cosh(y); }};
constexpr Function kArccosh{"arccosh", [](float x) { return std::acosh(x); },
                            [](In, In y, In dy) { return dy / sinh(y); }};
constexpr Function kArctanh{"arctanh", [](float x) { return std::atanh(x); },
                            [](In x, In, In dy) { return dy / one_less_square(x); }};
constexpr Function kErfinv{"erfinv", inverse_erf,
                           [](In, In y, In dy) { return dy * (exp(square(y)) * (0.5 / std::numbers::inv_sqrtpi)); }};

const bool elementary_registered =
    graph::register_op<Elementary<kExpm1>, Elementary<kLog1p>, Elementary<kTan>, Elementary<kArcsin>,
                       Elementary<kArccos>, Elementary<kArctan>, Elementary<kSinh>, Elementary<kCosh>,
                       Elementary<kArcsinh>, Elementary<kArccosh>, Elementary<kArctanh>, Elementary<kErfinv>>();

template <const Function& function>
Tensor of(const Tensor& x) {
  static const auto op = std::make_shared<const Elementary<function>>();
  return graph::apply1(op, {x});
}

}  // namespace

Tensor expm1(const Tensor& x) { return of<kExpm1>(x); }
Tensor log1p(const Tensor& x) { return of<kLog1p>(x); }
Tensor tan(const Tensor& x) { return of<kTan>(x); }
Tensor arcsin(const Tensor& x) { return of<kArcsin>(x); }
Tensor arccos(const Tensor& x) { return of<kArccos>(x); }
Tensor arctan(const Tensor& x) { return of<kArctan>(x); }
Tensor sinh(const Tensor& x) { return of<kSinh>(x); }
Tensor cosh(const Tensor& x) { return of<kCosh>(x); }
Tensor arcsinh(const Tensor& x) { return of<kArcsinh>(x); }
Tensor arccosh(const Tensor& x) { return of<kArccosh>(x); }
Tensor arctanh(const Tensor& x) { return of<kArctanh>(x); }
Tensor erfinv(const Tensor& x) { return of<kErfinv>(x); }

}  // namespace cornu::ops
