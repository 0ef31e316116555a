#include "cornu/ops/native/elementary.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/support/op_samples.h"
#include "tests/support/special_values.h"

namespace cornu::tests {
namespace {

struct Case {
  const char* op;
  Tensor (*build)(const Tensor&);
  double (*f)(double);
  double low, high;  // where it is smooth
};

/// By halving: the error function rises.
double inverse_erf(double x) {
  if (x == 0) return x;
  if (!(std::abs(x) < 1)) return std::abs(x) == 1 ? x * INFINITY : NAN;
  double low = -6, high = 6;
  for (int i = 0; i < 200; ++i) {
    const double middle = (low + high) / 2;
    (std::erf(middle) < x ? low : high) = middle;
  }
  return (low + high) / 2;
}

const std::vector<Case>& cases() {
  static const std::vector<Case> all{
      {"expm1", ops::expm1, [](double x) { return std::expm1(x); }, -3, 2},
      {"log1p", ops::log1p, [](double x) { return std::log1p(x); }, -0.7, 5},
      {"tan", ops::tan, [](double x) { return std::tan(x); }, -1.2, 1.2},
      {"arcsin", ops::arcsin, [](double x) { return std::asin(x); }, -0.8, 0.8},
      {"arccos", ops::arccos, [](double x) { return std::acos(x); }, -0.8, 0.8},
      {"arctan", ops::arctan, [](double x) { return std::atan(x); }, -4, 4},
      {"sinh", ops::sinh, [](double x) { return std::sinh(x); }, -2, 2},
      {"cosh", ops::cosh, [](double x) { return std::cosh(x); }, -2, 2},
      {"arcsinh", ops::arcsinh, [](double x) { return std::asinh(x); }, -4, 4},
      {"arccosh", ops::arccosh, [](double x) { return std::acosh(x); }, 1.3, 6},
      {"arctanh", ops::arctanh, [](double x) { return std::atanh(x); }, -0.8, 0.8},
      {"erfinv", ops::erfinv, inverse_erf, -0.85, 0.85},
  };
  return all;
}

OpSample sample(const Case& c, std::string what, const Array& x, bool differentiable) {
  return {.op = c.op,
          .what = std::move(what),
          .build = [f = c.build](const Tensors& in) { return f(in[0]); },
          .inputs = {x},
          .reference = [f = c.f](const std::vector<F64>& in) { return map(in[0], f); },
          .differentiable = differentiable ? std::vector<int>{0} : std::vector<int>{}};
}

const bool special = register_special_functions([] {
  std::vector<SpecialFunction> all;
  for (const Case& c : cases()) all.push_back(of_one(c.op, c.build));
  return all;
}());

const bool samples = register_samples([] {
  std::vector<OpSample> all;
  for (const Case& c : cases()) {
    all.push_back(sample(c, "usual", uniform({3, 5}, c.low, c.high), true));
    all.push_back(sample(c, "scalar", uniform({}, c.low, c.high), true));
    all.push_back(sample(c, "empty", Array(Shape{0, 3}), false));
    all.push_back(sample(c, "large", uniform({3, 40001}, c.low, c.high), false));
    all.push_back(sample(c, "corners", numbers({9}, {0, -0.0, 1, -1, INFINITY, -INFINITY, NAN, 3, -3}), false));
    // Near 0 no digits are lost.
    all.push_back(sample(c, "small", numbers({6}, {1e-6, -1e-6, 3e-4, -3e-4, 1e-12, 1e-20}), false));
    all.back().atol = c.f(0) == 0 ? 1e-9 : 4e-6;
  }
  all.push_back(sample(cases().back(), "near the ends",
                       numbers({6}, {0.99, -0.999, 0.9999, 0.99999, -0.999999, 0.9999999}), false));
  return all;
});

const bool errors = register_errors([] {
  std::vector<OpError> all;
  for (const Case& c : cases())
    all.push_back({c.op, "expected a float32 or bfloat16 tensor, got int32(3,)",
                   [f = c.build] { f(input(0, {3}, graph::int32)); }});
  return all;
});

}  // namespace
}  // namespace cornu::tests
