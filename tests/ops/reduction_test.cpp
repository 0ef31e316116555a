#include "cornu/ops/reduction.h"

#include <gtest/gtest.h>

#include <cmath>

#include "cornu/autodiff/gradients.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "tests/support/interpreter.h"
#include "tests/support/op_samples.h"
#include "tests/support/special_values.h"

namespace cornu::tests {
namespace {

using Build = Tensor (*)(const Tensor&, const ops::AxesOrAll&, ops::KeepDims);

struct Case {
  std::string op;
  Build build;
  double start;
  std::function<double(double, double)> f;
  bool mean = false;
};

const double kInf = std::numeric_limits<double>::infinity();

std::vector<Case> reductions() {
  return {
      {"sum", ops::sum, 0, std::plus<double>()},
      {"mean", ops::mean, 0, std::plus<double>(), true},
      {"max", ops::max, -kInf,
       [](double a, double b) { return std::isnan(a) || std::isnan(b) ? NAN : std::max(a, b); }},
      {"min", ops::min, kInf, [](double a, double b) { return std::isnan(a) || std::isnan(b) ? NAN : std::min(a, b); }},
      {"prod", ops::prod, 1, std::multiplies<double>()},
  };
}

/// Numbers of which no two are within 0.01 of one another, in no order.
Array apart(const Shape& shape) {
  Array a(shape);
  for (std::int64_t i = 0; i < a.size(); ++i)
    a.data<float>()[i] = static_cast<float>(0.05 * static_cast<double>(i * 37 % 101) - 2);
  return a;
}

/// Powers of two of which those along any axis cancel one another, so that products of many stay in range.
Array powers(const Shape& shape) {
  constexpr float kCycle[13] = {2, 0.5, 1, -1, 4, 0.25, -1, 1, 8, 0.125, 1, 2, 0.5};
  Array a(shape);
  for (std::int64_t i = 0; i < a.size(); ++i) a.data<float>()[i] = kCycle[i % 13];
  return a;
}

OpSample sample(const Case& c, const Array& x, const std::vector<int>& axes, ops::KeepDims keep, bool differentiable) {
  std::string what = graph::to_string(x.shape()) + " over";
  for (int axis : axes) what += " " + std::to_string(axis);
  return {.op = c.op,
          .what = what,
          .build = [=](const Tensors& in) { return c.build(in[0], axes, keep); },
          .inputs = {x},
          .reference =
              [=](const std::vector<F64>& in) {
                F64 y = fold(in[0], axes, keep == ops::keepdims, c.start, c.f);
                double n = 1;
                for (int axis : axes) n *= static_cast<double>(in[0].shape[in[0].shape.normalize(axis)]);
                return c.mean ? map(y, [n](double v) { return v / n; }) : y;
              },
          .differentiable = differentiable ? std::vector<int>{0} : std::vector<int>{}};
}

Tensor norm(const Tensor& x) { return ops::sqrt(ops::sum(ops::square(x), -1)); }

const bool special = register_special_functions(
    {of_one("sum", [](const Tensor& x) { return ops::sum(x, -1); }),
     of_one("mean", [](const Tensor& x) { return ops::mean(x, -1); }),
     of_one("max", [](const Tensor& x) { return ops::max(x, -1); }),
     of_one("min", [](const Tensor& x) { return ops::min(x, -1); }),
     of_one("prod", [](const Tensor& x) { return ops::prod(x, -1); }), of_one("norm", norm),
     of_one("square_of_norm", [](const Tensor& x) { return ops::square(norm(x)); }),
     of_two("squared_error", [](const Tensor& a, const Tensor& b) { return ops::mean(ops::square(a - b), -1); })});

const bool samples = register_samples([] {
  const auto yes = ops::KeepDims::yes, no = ops::KeepDims::no;
  std::vector<OpSample> all;
  for (const Case& c : reductions()) {
    for (const auto& axes : std::vector<std::vector<int>>{{0}, {1}, {-1}, {0, 1}, {-1, -2}, {0, 2}, {0, 1, 2}})
      for (auto keep : {no, yes}) all.push_back(sample(c, apart({3, 2, 4}), axes, keep, true));
    all.push_back(sample(c, apart({2, 3, 2, 3, 2}), {0, 2, 4}, no, true));
    all.push_back(sample(c, apart({2, 3, 2, 3, 2}), {1, 3}, yes, true));
    all.push_back(sample(c, apart({1, 5, 1}), {0}, no, true));
    all.push_back(sample(c, apart({5, 1}), {0}, no, true));
    all.push_back(sample(c, apart({1, 1}), {0, 1}, no, true));
    all.push_back(sample(c, apart({6}), {0}, no, true));
    // Large enough for several threads, blocks and partial results.
    const bool product = c.op == "prod", extreme = c.op == "max" || c.op == "min";
    const auto many = [&](const Shape& shape) { return product ? powers(shape) : uniform(shape, -1, 2); };
    all.push_back(sample(c, many({1000, 300}), {0}, no, false));
    all.push_back(sample(c, many({1000, 300}), {1}, no, false));
    all.push_back(sample(c, many({300, 1000}), {0, 1}, no, false));
    all.push_back(sample(c, many({20000, 7}), {0}, no, false));
    all.push_back(sample(c, many({7, 20000}), {1}, no, false));
    all.push_back(sample(c, many({300007}), {0}, no, false));
    all.push_back(sample(c, many({5, 700, 33}), {1}, yes, false));
    all.push_back(sample(c, many({5, 700, 33}), {0, 2}, no, false));
    all.push_back(sample(c, numbers({2, 3}, {1, NAN, 2, kInf, 3, 4}), {1}, no, false));
    all.push_back(sample(c, numbers({2, 3}, {1, NAN, 2, -kInf, 3, 4}), {0}, no, false));
    if (c.op == "prod") {
      all.push_back(sample(c, numbers({2, 3}, {2, 0, 3, 0, 0, 5}), {1}, no, true));  // the gradient is right at zeros
      all.push_back(sample(c, numbers({2, 3}, {2, 0, 3, 1, 0, 5}), {0, 1}, no, true));
    }
    // Integers, also of many numbers and blocks.
    for (graph::DType dtype : {graph::bool_, graph::uint8, graph::int32, graph::int64}) {
      for (const auto& axes : std::vector<std::vector<int>>{{0}, {-1}, {0, 1}})
        all.push_back(sample(c, numbers({2, 3}, {3, 0, 2, 1, 1, 5}).astype(dtype), axes, no, false));
      const Array whole = uniform({150, 301}, product ? 1 : 0, product ? 1.001 : 9).astype(dtype);
      for (const auto& axes : std::vector<std::vector<int>>{{0}, {1}, {0, 1}})
        all.push_back(sample(c, whole, axes, yes, false));
      if (!extreme) all.push_back(sample(c, Array(Shape{0, 3}, dtype), {0}, no, false));
      all.push_back(sample(c, Array(Shape{0, 3}, dtype), {1}, no, false));
    }
    if (!c.mean && !product)
      all.push_back(sample(c, numbers({3}, {2147483647, 2147483647, -7}, graph::int32), {0}, no, false));
    all.push_back(sample(c, Array(Shape{0, 3}), {0}, no, false));
    all.push_back(sample(c, Array(Shape{0, 3}), {1}, no, false));
    all.push_back(sample(c, Array(Shape{2, 0, 3}), {1}, no, false));
    all.push_back(sample(c, Array(Shape{2, 0, 3}), {1, 2}, yes, false));
  }
  return all;
});

const bool errors = register_errors([] {
  std::vector<OpError> all;
  for (const Case& c : reductions()) {
    all.push_back({c.op, "axis 2 is out of bounds for shape (3, 4)", [=] {
                     c.build(input(0, {3, 4}), {2}, ops::KeepDims::no);
                   }});
    all.push_back({c.op, "an axis is named twice", [=] { c.build(input(0, {3, 4}), {1, -1}, ops::KeepDims::no); }});
    all.push_back({c.op, "expected float32, bfloat16, bools or integers, got float64(3,)",
                   [=] { c.build(input(0, {3}, graph::float64), {0}, ops::KeepDims::no); }});
  }
  return all;
});

Array run(const Tensor& y, const std::vector<Array>& arguments, int threads = 1) {
  return interpret({y}, arguments, {.threads = threads})[0];
}

TEST(Reduction, OverAllAxesGivesAScalar) {
  const Array x = numbers({2, 2}, {1, 2, 3, 6});
  const Tensor in = input(0, {2, 2});
  EXPECT_EQ(run(ops::sum(in), {x}).item<float>(), 12);
  EXPECT_EQ(run(ops::mean(in), {x}).item<float>(), 3);
  EXPECT_EQ(run(ops::max(in), {x}).item<float>(), 6);
  EXPECT_EQ(run(ops::min(in), {x}).item<float>(), 1);
  EXPECT_EQ(run(ops::sum(input(0, {})), {numbers({}, {5})}).item<float>(), 5);
}

TEST(Reduction, DtypesAreThoseOfNumPy) {
  for (graph::DType dtype : {graph::bool_, graph::uint8, graph::int32, graph::int64}) {
    const Tensor x = input(0, {2}, dtype);
    EXPECT_EQ(ops::sum(x).dtype(), graph::int64);
    EXPECT_EQ(ops::prod(x).dtype(), graph::int64);
    EXPECT_EQ(ops::mean(x).dtype(), graph::float32) << "which is float64 in NumPy";
    EXPECT_EQ(ops::max(x).dtype(), dtype);
    EXPECT_EQ(ops::min(x).dtype(), dtype);
  }
  EXPECT_EQ(ops::prod(input(0, {2}, graph::bfloat16)).dtype(), graph::bfloat16);
}

TEST(Reduction, IntegersWrap) {
  const Array x(std::vector<std::int64_t>{9223372036854775807, 2});
  EXPECT_EQ(run(ops::sum(input(0, {2}, graph::int64)), {x}).item<std::int64_t>(), -9223372036854775807);
  EXPECT_EQ(run(ops::prod(input(0, {2}, graph::int64)), {x}).item<std::int64_t>(), -2);
}

TEST(Reduction, TheExtremesOfNoIntegersAreThoseOfTheDtype) {
  EXPECT_EQ(run(ops::max(input(0, {0}, graph::int32)), {Array(Shape{0}, graph::int32)}).item<int>(), -2147483647 - 1);
  EXPECT_EQ(run(ops::min(input(0, {0}, graph::uint8)), {Array(Shape{0}, graph::uint8)}).item<int>(), 255);
}

TEST(Reduction, NoAxisIsNotAllAxes) {
  const Tensor x = input(0, {2, 2});
  for (const Case& c : reductions()) {
    EXPECT_EQ(c.build(x, {}, ops::KeepDims::no).shape(), Shape{}) << c.op;
    EXPECT_EQ(c.build(x, std::vector<int>{}, ops::KeepDims::no).shape(), x.shape()) << c.op;
    EXPECT_EQ(c.build(x, {}, ops::keepdims).shape(), (Shape{1, 1})) << c.op;
  }
}

TEST(Reduction, TiesShareTheGradient) {
  const Tensor in = input(0, {2, 3});
  const Array x = numbers({2, 3}, {1, 5, 5, 2, 2, 2});
  const auto rows = run(autodiff::gradients(ops::max(in, 1), {in})[0], {x});
  EXPECT_TRUE(allclose(rows, numbers({2, 3}, {0, 0.5, 0.5, 1 / 3., 1 / 3., 1 / 3.})));
  const auto whole = run(autodiff::gradients(ops::min(in), {in})[0], {numbers({2, 3}, {1, 5, 5, 1, 2, 2})});
  EXPECT_TRUE(allclose(whole, numbers({2, 3}, {0.5, 0, 0, 0.5, 0, 0})));
}

TEST(Reduction, LongSumsKeepTheirDigits) {
  const Array x = graph::full({1 << 22}, 0.1);
  EXPECT_NEAR(run(ops::sum(input(0, x.shape())), {x}).item<double>() / (0.1f * static_cast<double>(1 << 22)), 1,
              3e-6);  // one running total would be off by 1e-2
}

TEST(Reduction, BitsDoNotDependOnTheNumberOfThreads) {
  for (const auto& [shape, axis] : {std::pair{Shape{5000, 37}, 0}, std::pair{Shape{3, 200000}, 1}}) {
    const Array x = uniform(shape);
    const Tensor y = ops::sum(input(0, shape), axis);
    EXPECT_TRUE(array_equal(run(y, {x}, 1), run(y, {x}, 3)));
  }
}

TEST(Reduction, SumToUndoesBroadcasting) {
  const Array x = numbers({2, 2, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
  const Tensor in = input(0, x.shape());
  EXPECT_TRUE(array_equal(run(ops::sum_to(in, {3}), {x}), Array{22.f, 26.f, 30.f}));
  EXPECT_TRUE(array_equal(run(ops::sum_to(in, {2, 1}), {x}), numbers({2, 1}, {30, 48})));
  EXPECT_TRUE(array_equal(run(ops::sum_to(in, {}), {x}), numbers({}, {78})));
  EXPECT_TRUE(ops::sum_to(in, x.shape()).same(in));
}

}  // namespace
}  // namespace cornu::tests
