#include "cornu/ops/native/cumulative.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "cornu/autodiff/gradients.h"
#include "cornu/graph/leaf.h"
#include "tests/support/interpreter.h"
#include "tests/support/op_samples.h"
#include "tests/support/special_values.h"

namespace cornu::tests {
namespace {

using ops::CumulativeConfig;

/// Running totals, or products.
F64 running(const F64& x, int axis, const CumulativeConfig& config, bool product) {
  F64 y(x.shape);
  for_each_line(x.shape, axis, [&](std::vector<std::int64_t> line) {
    if (config.reverse) std::reverse(line.begin(), line.end());
    double total = product ? 1 : 0;
    for (std::int64_t i : line) {
      if (config.exclusive) y[i] = total;
      total = product ? total * x[i] : total + x[i];
      if (!config.exclusive) y[i] = total;
    }
  });
  return y;
}

OpSample sample(bool product, const Array& x, int axis, const CumulativeConfig& config) {
  return {.op = product ? "linear_recurrence" : "cumsum",
          .what = graph::message(product ? "product" : "sum", ' ', x.spec(), " along ", axis,
                                 config.reverse ? ", reverse" : "", config.exclusive ? ", exclusive" : ""),
          .build =
              [=](const Tensors& t) {
                return product ? ops::cumprod(t[0], axis, config) : ops::cumsum(t[0], axis, config);
              },
          .inputs = {x},
          .reference = [=](const std::vector<F64>& t) { return running(t[0], axis, config, product); },
          .differentiable = x.dtype() == graph::float32 && x.size() > 0 ? std::vector<int>{0} : std::vector<int>{}};
}

OpSample recurrence(const Array& a, const Array& b, int axis, bool reverse) {
  return {.op = "linear_recurrence",
          .what = graph::message(a.spec(), " along ", axis, reverse ? ", reverse" : ""),
          .build = [=](const Tensors& t) { return ops::linear_recurrence(t[0], t[1], axis, reverse); },
          .inputs = {a, b},
          .reference =
              [=](const std::vector<F64>& t) {
                F64 y(t[0].shape);
                for_each_line(y.shape, axis, [&](std::vector<std::int64_t> line) {
                  if (reverse) std::reverse(line.begin(), line.end());
                  double before = 0;
                  for (std::int64_t i : line) y[i] = before = t[0][i] * before + t[1][i];
                });
                return y;
              },
          .differentiable = a.dtype() == graph::float32 && a.size() > 0 ? std::vector<int>{0, 1} : std::vector<int>{}};
}

// With TensorFlow the gradient of a running product divides by x.
bool any_zero(const std::vector<double>& x) {
  return std::any_of(x.begin(), x.end(), [](double v) { return std::abs(v) < 1e-30 || !std::isfinite(v); });
}

const bool special =
    register_special_functions({of_one("cumsum", [](const Tensor& x) { return ops::cumsum(x, -1); }),
                                of_one(
                                    "cumprod", [](const Tensor& x) { return ops::cumprod(x, -1); }, any_zero)});

const bool samples = register_samples([] {
  std::vector<OpSample> all;
  for (const bool product : {false, true}) {
    for (const bool exclusive : {false, true})
      for (const bool reverse : {false, true}) {
        const CumulativeConfig config{.exclusive = exclusive, .reverse = reverse};
        all.push_back(sample(product, uniform({2, 4}), -1, config));
        all.push_back(sample(product, uniform({3, 2}), 0, config));
        all.push_back(sample(product, uniform({2, 3, 2}), 1, config));
        all.push_back(sample(product, numbers({1}, {0.7}), 0, config));
        if (!product) all.push_back(sample(product, Array(Shape{0, 3}), 0, config));
        all.push_back(sample(product, Array(Shape{2, 0}), 0, config));
        // Gradients are right where elements are 0.
        all.push_back(sample(product, numbers({5}, {2, 0, 3, 0, -1}), 0, config));
        for (graph::DType dtype : {graph::bool_, graph::uint8, graph::int32, graph::int64})
          all.push_back(sample(product, numbers({4}, {1, 0, 1, 1}, dtype), 0, config));
        all.push_back(sample(product, numbers({4}, {2000000000, -2, 3, 2}, graph::int32), 0, config));
      }
  }
  for (const bool reverse : {false, true}) {
    all.push_back(recurrence(uniform({2, 4}), uniform({2, 4}, -2, 2, 5), -1, reverse));
    all.push_back(recurrence(uniform({3, 2}), uniform({3, 2}, -2, 2, 5), 0, reverse));
    all.push_back(recurrence(numbers({1}, {3}), numbers({1}, {2}), 0, reverse));
    all.push_back(recurrence(Array(Shape{2, 0}), Array(Shape{2, 0}), 1, reverse));
    all.push_back(
        recurrence(numbers({3}, {2, -3, 4}, graph::int64), numbers({3}, {1, 5, 3e9}, graph::int64), 0, reverse));
    all.push_back(recurrence(uniform({40, 500, 7}, 0, 1), uniform({40, 500, 7}, -2, 2, 5), 1, reverse));
    all.back().differentiable = {};
  }
  return all;
});

const bool errors = register_errors([] {
  return std::vector<OpError>{
      {"cumsum", "axis 2 is out of bounds for shape (2, 3)",
       [] {
         ops::cumsum(input(0, {2, 3}), 2);
       }},
      {"cumprod", "axis -3 is out of bounds for shape (2, 3)",
       [] {
         ops::cumprod(input(0, {2, 3}), -3);
       }},
      {"cumsum", "expected float32, bfloat16, bools or integers, got float64(2,)",
       [] { ops::cumsum(input(0, {2}, graph::float64)); }},
      {"cumprod", "expected float32, bfloat16, bools or integers, got float64(2,)",
       [] { ops::cumprod(input(0, {2}, graph::float64)); }},
      {"linear_recurrence", "expected two tensors of one shape and dtype, got float32(2,) and float32(3,)",
       [] { ops::linear_recurrence(input(0, {2}), input(1, {3}), 0); }},
      {"linear_recurrence", "expected float32, bfloat16, bools or integers, got int32(2,)",
       [] { ops::linear_recurrence(input(0, {2}, graph::int32), input(1, {2}, graph::int32), 0); }},
  };
});

TEST(Cumulative, WithoutAnAxisAllElementsStandInOneDimension) {
  const Tensor x = input(0, {2, 2});
  const auto y = interpret({ops::cumsum(x), ops::cumprod(x)}, {Array{1.f, 2.f, 3.f, 4.f}.reshape({2, 2})});
  EXPECT_TRUE(array_equal(y[0], Array{1.f, 3.f, 6.f, 10.f}));
  EXPECT_TRUE(array_equal(y[1], Array{1.f, 2.f, 6.f, 24.f}));
}

TEST(Cumulative, IntegersAndBoolsAreAddedUpInInt64) {
  for (graph::DType dtype : {graph::bool_, graph::uint8, graph::int32, graph::int64}) {
    EXPECT_EQ(ops::cumsum(input(0, {3}, dtype), 0).dtype(), graph::int64);
    EXPECT_EQ(ops::cumprod(input(0, {3}, dtype), 0).dtype(), graph::int64);
  }
}

TEST(Cumulative, AProductOfNothingIsNothing) {
  for (const bool exclusive : {false, true})
    EXPECT_EQ(interpret({ops::cumprod(input(0, {0, 3}), 0, {.exclusive = exclusive})}, {Array(Shape{0, 3})})[0].shape(),
              (Shape{0, 3}));
}

TEST(Cumulative, WhatDoesNotStandBeforeIsNotRead) {
  // a_0 is not used, be it infinite; nor does x_0 of a product that is exclusive.
  const Tensor a = input(0, {2}), b = input(1, {2});
  const auto y = interpret({ops::linear_recurrence(a, b, 0), ops::cumprod(a, 0, {.exclusive = true, .reverse = true})},
                           {Array{INFINITY, 2.f}, Array{3.f, 4.f}});
  EXPECT_TRUE(array_equal(y[0], Array{3.f, 10.f}));
  EXPECT_TRUE(array_equal(y[1], Array{2.f, 1.f}));
}

}  // namespace
}  // namespace cornu::tests
