#include "cornu/ops/binary.h"

#include <gtest/gtest.h>

#include <cmath>

#include "cornu/autodiff/gradients.h"
#include "cornu/graph/leaf.h"
#include "tests/support/interpreter.h"
#include "tests/support/op_samples.h"
#include "tests/support/special_values.h"

namespace cornu::tests {
namespace {

using Build = Tensor (*)(const Tensor&, const Tensor&);

struct Case {
  std::string op;
  Build build;
  std::function<double(double, double)> f;
};

double largest(double a, double b) { return std::isnan(a) || std::isnan(b) ? NAN : std::max(a, b); }
double smallest(double a, double b) { return std::isnan(a) || std::isnan(b) ? NAN : std::min(a, b); }

/// What is left of the quotient rounded down.
double remainder(double a, double b) {
  const double rest = std::fmod(a, b);
  return rest != 0 && std::signbit(rest) != std::signbit(b) ? rest + b : rest;
}

std::vector<Case> arithmetic() {
  return {
      {"add", ops::add, std::plus<double>()},
      {"subtract", ops::subtract, std::minus<double>()},
      {"multiply", ops::multiply, std::multiplies<double>()},
      {"divide", ops::divide, std::divides<double>()},
      {"maximum", ops::maximum, largest},
      {"minimum", ops::minimum, smallest},
      {"power", ops::power, [](double a, double b) { return std::pow(a, b); }},
      {"floor_divide", ops::floor_divide, [](double a, double b) { return std::floor(a / b); }},
      {"mod", ops::mod, remainder},
      {"arctan2", ops::arctan2, [](double a, double b) { return std::atan2(a, b); }},
  };
}

std::vector<Case> comparisons() {
  return {
      {"equal", ops::equal, [](double a, double b) -> double { return a == b; }},
      {"not_equal", ops::not_equal, [](double a, double b) -> double { return a != b; }},
      {"greater", ops::greater, [](double a, double b) -> double { return a > b; }},
      {"greater_equal", ops::greater_equal, [](double a, double b) -> double { return a >= b; }},
      {"greater", ops::less, [](double a, double b) -> double { return a < b; }},
      {"greater_equal", ops::less_equal, [](double a, double b) -> double { return a <= b; }},
  };
}

OpSample sample(const Case& c, const Array& a, const Array& b, bool differentiable) {
  return {.op = c.op,
          .what = graph::message(a.spec(), " and ", b.spec()),
          .build = [f = c.build](const Tensors& in) { return f(in[0], in[1]); },
          .inputs = {a, b},
          .reference = [f = c.f](const std::vector<F64>& in) { return zip(in[0], in[1], f); },
          .differentiable = differentiable ? std::vector<int>{0, 1} : std::vector<int>{}};
}

/// Positive numbers of which no two are within 0.02 of one another.
Array apart(const Shape& shape, double offset) {
  Array a(shape);
  for (std::int64_t i = 0; i < a.size(); ++i)
    a.data<float>()[i] = static_cast<float>(0.6 + offset + 0.1 * static_cast<double>(i * 7 % 13));
  return a;
}

/// Sixteenths of which no quotient of two is whole, dividends or divisors: they have the same bits in bfloat16.
Array sixteenths(const Shape& shape, bool divisors) {
  Array a(shape);
  for (std::int64_t i = 0; i < a.size(); ++i)
    a.data<float>()[i] = static_cast<float>(divisors ? (i % 2 ? 12 : -13) : i % 5 * 32 - 55 + i % 2 * 2) / 16;
  return a;
}

const std::vector<std::pair<Shape, Shape>> kSmall{
    {{2, 3}, {2, 3}},    {{2, 3}, {3}},          {{3}, {2, 3}}, {{2, 3}, {2, 1}}, {{2, 1}, {2, 3}},
    {{2, 1}, {1, 3}},    {{2, 3}, {}},           {{}, {2, 3}},  {{}, {}},         {{2, 1, 3}, {4, 1}},
    {{2, 3, 2}, {3, 1}}, {{2, 3, 2}, {1, 1, 2}}, {{1, 1}, {1}},
};
const std::vector<std::pair<Shape, Shape>> kLarge{
    {{300, 301}, {300, 301}}, {{300, 301}, {301}}, {{300, 301}, {300, 1}}, {{300, 301}, {}},
    {{301}, {300, 301}},      {{}, {300, 301}},    {{300, 1}, {1, 301}},   {{7, 130, 100}, {130, 1}},
};
const std::vector<std::pair<Shape, Shape>> kEmpty{{{0, 3}, {3}}, {{2, 0}, {2, 1}}, {{0}, {}}, {{0}, {0}}};

Tensor number(double value, const Tensor& like) { return graph::constant(value, like.dtype()); }

const bool special = register_special_functions(
    {of_two("add", ops::add), of_two("subtract", ops::subtract), of_two("multiply", ops::multiply),
     of_two("divide", ops::divide), of_two("maximum", ops::maximum), of_two("minimum", ops::minimum),
     of_two("power", [](const Tensor& a, const Tensor& b) { return ops::power(a, b); }),
     of_two("floor_divide", ops::floor_divide), of_two("mod", ops::mod), of_two("arctan2", ops::arctan2),
     of_two("equal", ops::equal), of_two("not_equal", ops::not_equal), of_two("greater", ops::greater),
     of_two("greater_equal", ops::greater_equal), of_one("logical", [](const Tensor& x) {
       return ops::logical_or(ops::logical_not(ops::greater(x, number(0, x))),
                              ops::logical_and(ops::greater(x, number(1, x)), ops::less(x, number(3, x))));
     })});

const bool samples = register_samples([] {
  const double inf = std::numeric_limits<double>::infinity();
  const Array ints = numbers({2, 2}, {3, -7, 2147483647, 0}, graph::int32),
              other_ints = numbers({2}, {2, -7}, graph::int32);
  const Array longs = numbers({3}, {3e9, -7, 12}, graph::int64), other_longs = numbers({1}, {-4}, graph::int64);
  std::vector<OpSample> all;
  for (const Case& c : arithmetic()) {
    // Quotients that are rounded jump where they are whole.
    const bool jumps = c.op == "floor_divide" || c.op == "mod";
    for (const auto& [a, b] : kSmall)
      all.push_back(jumps ? sample(c, sixteenths(a, false), sixteenths(b, true), c.op == "mod")
                          : sample(c, apart(a, 0), apart(b, 0.05), true));
    for (const auto& [a, b] : kLarge)
      all.push_back(jumps ? sample(c, sixteenths(a, false), sixteenths(b, true), false)
                          : sample(c, uniform(a, 0.5, 2, 3), uniform(b, 0.5, 2, 4), false));
    for (const auto& [a, b] : kEmpty) all.push_back(sample(c, Array(a), apart(b, 0), false));
    all.push_back(sample(c, numbers({6}, {inf, -inf, NAN, 1, 2, 0}), numbers({6}, {1, 2, 3, NAN, inf, 0}), false));
    if (c.op == "divide" || c.op == "power" || c.op == "arctan2") continue;
    for (const auto& [a, b] : {std::pair{longs, longs}, std::pair{longs, other_longs}, std::pair{other_longs, longs}})
      all.push_back(sample(c, a, b, false));
    all.push_back(sample(c, ints.slice(0, 1), other_ints, false));
    all.push_back(sample(c, numbers({2, 3}, {200, 7, 100, 9, 12, 5}, graph::uint8),
                         numbers({3}, {3, 2, 1}, graph::uint8), false));
    if (c.op == "multiply") {  // 200 times 3 does not fit
      all.back().inputs[0] = numbers({2, 3}, {20, 7, 100, 9, 12, 5}, graph::uint8);
    }
  }
  // Integers wrap.
  all.push_back(
      sample({"add", ops::add, [](double a, double b) { return a + b > 2147483647 ? a + b - 4294967296 : a + b; }},
             ints, other_ints, false));

  for (const Case& c : comparisons()) {
    for (const auto& [a, b] : kSmall)
      all.push_back(sample(c, numbers(a, std::vector<double>(a.elements(), 1)), uniform(b, 0, 2), false));
    all.push_back(sample(c, numbers({2, 3}, {1, 2, 3, 4, NAN, -1}), numbers({3}, {1, 5, 3}), false));
    all.push_back(sample(c, numbers({4}, {NAN, inf, -inf, 0}), numbers({4}, {NAN, inf, inf, -0.0}), false));
    all.push_back(sample(c, uniform({300, 301}), uniform({301}), false));
    all.push_back(sample(c, Array(Shape{0, 3}), numbers({3}, {1, 2, 3}), false));
    for (graph::DType dtype : {graph::bool_, graph::uint8, graph::int32, graph::int64, graph::bfloat16, graph::float64})
      all.push_back(sample(c, numbers({4}, {0, 1, 0, 1}, dtype), numbers({4}, {0, 0, 1, 1}, dtype), false));
  }
  const Case one{"not_equal", ops::logical_xor, [](double a, double b) -> double { return (a != 0) != (b != 0); }};
  const Case both{"logical_and", ops::logical_and, [](double a, double b) -> double { return a != 0 && b != 0; }};
  const Case either{"logical_or", ops::logical_or, [](double a, double b) -> double { return a != 0 || b != 0; }};
  const Case negated{"logical_not", [](const Tensor& a, const Tensor&) { return ops::logical_not(a); },
                     [](double a, double) -> double { return a == 0; }};
  for (const Case& c : {both, either, negated, one}) {
    all.push_back(sample(c, numbers({4}, {0, 1, 0, 1}, graph::bool_), numbers({4}, {0, 0, 1, 1}, graph::bool_), false));
    all.push_back(sample(c, numbers({4}, {0, 2, NAN, -0.0}), numbers({4}, {0, 0, 1, 3}, graph::int32), false));
    all.push_back(sample(c, Array(Shape{0}), Array(Shape{0}), false));
  }
  all.push_back(sample(both, numbers({2, 1}, {0, 1}, graph::bool_), numbers({2}, {0, 1}, graph::bool_), false));
  return all;
});

const bool errors = register_errors([] {
  std::vector<OpError> all;
  for (const auto& cases : {arithmetic(), comparisons()})
    for (const Case& c : cases) {
      all.push_back({c.op, "(3,)", [=] { c.build(input(0, {2}), input(1, {3})); }});
      all.push_back({c.op, "of one dtype", [=] { c.build(input(0, {2}), input(1, {2}, graph::int32)); }});
    }
  all.push_back({"divide", "expected float32 or bfloat16 tensors, got int32",
                 [] { ops::divide(input(0, {2}, graph::int32), input(1, {2}, graph::int32)); }});
  all.push_back({"arctan2", "expected float32 or bfloat16 tensors, got int32",
                 [] { ops::arctan2(input(0, {2}, graph::int32), input(1, {2}, graph::int32)); }});
  all.push_back({"add", "expected float32, bfloat16, uint8, int32 or int64 tensors, got bool",
                 [] { ops::add(input(0, {2}, graph::bool_), input(1, {2}, graph::bool_)); }});
  for (const Build f : {ops::logical_and, ops::logical_or})
    all.push_back({"logical_", "(3,)", [f] { f(input(0, {2}), input(1, {3})); }});
  return all;
});

Array run(const Tensor& y, const std::vector<Array>& arguments) { return interpret({y}, arguments)[0]; }

TEST(Binary, OperatorsTakeNumbersOnEitherSide) {
  const Tensor x = input(0, {2});
  const std::vector<Array> two{Array{2.f, 4.f}};
  EXPECT_TRUE(array_equal(run(1 + x * 2.0, two), Array{5.f, 9.f}));
  EXPECT_TRUE(array_equal(run(x + 0.5f, two), Array{2.5f, 4.5f}));
  EXPECT_TRUE(array_equal(run(1 - x, two), Array{-1.f, -3.f}));
  EXPECT_TRUE(array_equal(run(x - 1, two), Array{1.f, 3.f}));
  EXPECT_TRUE(array_equal(run(2 * x, two), Array{4.f, 8.f}));
  EXPECT_TRUE(array_equal(run(8 / x, two), Array{4.f, 2.f}));
  EXPECT_TRUE(array_equal(run(x / 2, two), Array{1.f, 2.f}));
  EXPECT_TRUE(array_equal(run(-x, two), Array{-2.f, -4.f}));
  EXPECT_TRUE(array_equal(run(x + x - x * x / x, two), Array{2.f, 4.f}));
}

TEST(Binary, NumbersTakeTheTensorsDtype) {
  const Tensor i = input(0, {2}, graph::int64);
  const Array big(std::vector<std::int64_t>{1, 2});
  EXPECT_TRUE(array_equal(run(i + std::int64_t{9007199254740993}, {big}),
                          Array(std::vector<std::int64_t>{9007199254740994, 9007199254740995})));
  EXPECT_TRUE(array_equal(run(-i, {big}), Array(std::vector<std::int64_t>{-1, -2})));
  EXPECT_THROW(i + 0.5, TypeError);
  EXPECT_THROW(input(0, {2}, graph::bool_) + 1, TypeError);
}

TEST(Binary, QuotientsOfIntegersAreNumPys) {
  const Tensor a = input(0, {7}, graph::int32), b = input(1, {7}, graph::int32);
  const int least = -2147483647 - 1;
  const auto y = interpret({ops::floor_divide(a, b), ops::mod(a, b)},
                           {Array{7, -7, 7, -7, 5, least, least}, Array{2, 2, -2, -2, 0, -1, 2}});
  EXPECT_TRUE(array_equal(y[0], Array{3, -4, -4, 3, 0, least, -1073741824})) << y[0];
  EXPECT_TRUE(array_equal(y[1], Array{1, 1, -1, -1, 0, 0, 0})) << y[1];
}

TEST(Binary, TheGradientOfAMaximumGoesToTheFirstOfEquals) {
  const Tensor a = input(0, {3}), b = input(1, {3});
  const std::vector<Array> values{Array{1.f, 2.f, 3.f}, Array{1.f, 3.f, 2.f}};
  const auto up = interpret(autodiff::gradients(ops::maximum(a, b), {a, b}), values);
  EXPECT_TRUE(array_equal(up[0], Array{1.f, 0.f, 1.f}));
  EXPECT_TRUE(array_equal(up[1], Array{0.f, 1.f, 0.f}));
  const auto down = interpret(autodiff::gradients(ops::minimum(a, b), {a, b}), values);
  EXPECT_TRUE(array_equal(down[0], Array{1.f, 1.f, 0.f}));
  EXPECT_TRUE(array_equal(down[1], Array{0.f, 0.f, 1.f}));
}

TEST(Binary, APowerOfZeroHasAGradientByTheExponent) {
  const Tensor a = input(0, {2}), b = input(1, {2});
  const auto g = interpret({autodiff::gradients(ops::power(a, b), {b})[0]}, {Array{0.f, -2.f}, Array{2.f, 2.f}})[0];
  EXPECT_TRUE(array_equal(g, Array{0.f, 0.f}));
}

}  // namespace
}  // namespace cornu::tests
