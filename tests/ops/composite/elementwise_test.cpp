#include "cornu/ops/composite/elementwise.h"

#include <gtest/gtest.h>

#include <cmath>

#include "cornu/graph/function.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "tests/support/interpreter.h"
#include "tests/support/op_samples.h"
#include "tests/support/special_values.h"

namespace cornu::tests {
namespace {

struct OfOne {
  const char *what, *op;  // and an op that the composite contains
  std::function<Tensor(const Tensor&)> build;
  double (*f)(double);
  double low, high;  // where it is smooth, if it has a gradient
  bool smooth = true;
};

std::vector<OfOne> of_one_number() {
  return {
      {"rsqrt", "reciprocal", ops::rsqrt, [](double x) { return 1 / std::sqrt(x); }, 0.3, 4},
      {"log2", "log", ops::log2, [](double x) { return std::log2(x); }, 0.3, 4},
      {"log10", "log", ops::log10, [](double x) { return std::log10(x); }, 0.3, 4},
      {"exp2", "power", ops::exp2, [](double x) { return std::exp2(x); }, -3, 3},
      {"ceil", "floor", ops::ceil, [](double x) { return std::ceil(x); }, -3, 3, false},
      {"trunc", "floor", ops::trunc, [](double x) { return std::trunc(x); }, -3, 3, false},
      {"isnan", "not_equal", ops::isnan, [](double x) -> double { return std::isnan(x); }, -3, 3, false},
      {"isinf", "logical_or", ops::isinf, [](double x) -> double { return std::isinf(x); }, -3, 3, false},
      {"isfinite", "logical_and", ops::isfinite, [](double x) -> double { return std::isfinite(x); }, -3, 3, false},
      {"nan_to_num", "where", [](const Tensor& x) { return ops::nan_to_num(x, 7, 2, -2); },
       [](double x) { return std::isnan(x)   ? 7
                             : std::isinf(x) ? std::copysign(2, x)
                                             : x; }, -3, 3},
  };
}

struct OfTwo {
  const char *what, *op;
  Tensor (*build)(const Tensor&, const Tensor&);
  double (*f)(double, double);
};

std::vector<OfTwo> of_two_numbers() {
  return {
      {"hypot", "sqrt", ops::hypot, [](double a, double b) { return std::sqrt(a * a + b * b); }},
      {"logaddexp", "log1p", ops::logaddexp,
       [](double a, double b) {
         return a == b ? a + std::log(2.0) : std::max(a, b) + std::log1p(std::exp(-std::abs(a - b)));
       }},
  };
}

const bool special = register_special_functions(
    {of_one("rsqrt", ops::rsqrt), of_one("log2", ops::log2), of_one("log10", ops::log10), of_one("exp2", ops::exp2),
     of_one("ceil", ops::ceil), of_one("trunc", ops::trunc),
     of_one("round_1", [](const Tensor& x) { return ops::round(x, 1); }), of_one("isnan", ops::isnan),
     of_one("isinf", ops::isinf), of_one("isfinite", ops::isfinite),
     of_one("nan_to_num", [](const Tensor& x) { return ops::nan_to_num(x, 1, 2, 3); }), of_two("hypot", ops::hypot),
     of_two("logaddexp", ops::logaddexp)});

const bool samples = register_samples([] {
  std::vector<OpSample> all;
  const auto of_one_array = [&](const OfOne& c, const Array& x, bool differentiable) {
    all.push_back({.op = c.op,
                   .what = graph::message(c.what, ' ', x.spec()),
                   .build = [f = c.build](const Tensors& in) { return f(in[0]); },
                   .inputs = {x},
                   .reference = [f = c.f](const std::vector<F64>& in) { return map(in[0], f); },
                   .differentiable = differentiable ? std::vector<int>{0} : std::vector<int>{}});
  };
  for (const OfOne& c : of_one_number()) {
    of_one_array(c, uniform({3, 5}, c.low, c.high), c.smooth);
    of_one_array(c, uniform({}, c.low, c.high), c.smooth);
    of_one_array(c, Array(Shape{2, 0}), false);
    of_one_array(c, numbers({7}, {0, 1, -1, INFINITY, -INFINITY, NAN, 1.5}), false);
  }
  for (const OfTwo& c : of_two_numbers())
    for (const auto& [a, b] :
         {std::pair{uniform({2, 3}), uniform({3}, -2, 2, 7)}, std::pair{numbers({}, {0.5}), uniform({2, 2}, 1, 2)},
          std::pair{Array(Shape{0, 3}), uniform({3})}})
      all.push_back({.op = c.op,
                     .what = graph::message(c.what, ' ', a.spec(), b.spec()),
                     .build = [f = c.build](const Tensors& in) { return f(in[0], in[1]); },
                     .inputs = {a, b},
                     .reference = [f = c.f](const std::vector<F64>& in) { return zip(in[0], in[1], f); },
                     .differentiable = a.size() > 0 ? std::vector<int>{0, 1} : std::vector<int>{}});
  return all;
});

template <class F>
Array value(F f, const Array& x) {
  return graph::Function([f](const Tensor& t) { return f(t); })(x);
}

TEST(Elementwise, RoundsToDecimalsAndTens) {
  const Array x{0.25f, 0.35f, 15.f, -25.f, 1234.5678f};
  EXPECT_TRUE(
      allclose(value([](const Tensor& t) { return ops::round(t, 1); }, x), Array{0.2f, 0.4f, 15.f, -25.f, 1234.6f}));
  EXPECT_TRUE(
      allclose(value([](const Tensor& t) { return ops::round(t, -1); }, x), Array{0.f, 0.f, 20.f, -20.f, 1230.f}));
  EXPECT_TRUE(
      array_equal(value([](const Tensor& t) { return ops::round(t, 0); }, x), Array{0.f, 0.f, 15.f, -25.f, 1235.f}));
}

TEST(Elementwise, WhatIsFarOutDoesNotOverflow) {
  const Array x{3e30f, -3e30f, 1e-30f};
  EXPECT_TRUE(allclose(value([](const Tensor& t) { return ops::hypot(t, t); }, x),
                       Array{4.2426407e30f, 4.2426407e30f, 1.4142135e-30f}, 1e-6, 0));
  EXPECT_TRUE(allclose(value([](const Tensor& t) { return ops::logaddexp(t * 1e-27, t * 1e-27); }, x),
                       Array{3000.6931f, -2999.3069f, 0.6931472f}));
}

TEST(Elementwise, IntegersAreFinite) {
  const Array x{0, -1, 7};
  EXPECT_TRUE(array_equal(value([](const Tensor& t) { return ops::isnan(t); }, x), Array{false, false, false}));
  EXPECT_TRUE(array_equal(value([](const Tensor& t) { return ops::isinf(t); }, x), Array{false, false, false}));
  EXPECT_TRUE(array_equal(value([](const Tensor& t) { return ops::isfinite(t); }, x), Array{true, true, true}));
  EXPECT_TRUE(array_equal(value([](const Tensor& t) { return ops::nan_to_num(t); }, x), x));
  EXPECT_TRUE(array_equal(value([](const Tensor& t) { return ops::trunc(t); }, x), x));
  EXPECT_TRUE(array_equal(value([](const Tensor& t) { return ops::round(t, 2); }, x), x));
}

TEST(Elementwise, InfinitiesBecomeTheLargestNumbers) {
  const Array x{NAN, INFINITY, -INFINITY, 2.f};
  EXPECT_TRUE(array_equal(value([](const Tensor& t) { return ops::nan_to_num(t); }, x),
                          Array{0.f, 3.4028235e38f, -3.4028235e38f, 2.f}));
  const Array narrow = value([](const Tensor& t) { return ops::nan_to_num(t); }, x.astype(graph::bfloat16));
  EXPECT_EQ(narrow.dtype(), graph::bfloat16);
  EXPECT_TRUE(array_equal(narrow.astype(graph::float32), Array{0.f, 3.3895314e38f, -3.3895314e38f, 2.f}));
}

}  // namespace
}  // namespace cornu::tests
