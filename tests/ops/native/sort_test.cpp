#include "cornu/ops/native/sort.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "tests/support/interpreter.h"
#include "tests/support/op_samples.h"
#include "tests/support/special_values.h"

namespace cornu::tests {
namespace {

// Calls f(lines of x along the axis as positions in x) once per line.
template <class F>
void for_each_line(const Shape& shape, int axis, F&& f) {
  axis = shape.normalize(axis);
  std::int64_t inner = 1;
  for (int i = axis + 1; i < shape.rank(); ++i) inner *= shape[i];
  for (std::int64_t start = 0; start < shape.elements(); ++start) {
    if (start / inner % shape[axis] != 0) continue;
    std::vector<std::int64_t> line(shape[axis]);
    for (std::int64_t k = 0; k < shape[axis]; ++k) line[k] = start + k * inner;
    f(line);
  }
}

F64 ordered(const F64& x, int axis, bool indices) {
  F64 y(x.shape);
  for_each_line(x.shape, axis, [&](const std::vector<std::int64_t>& line) {
    std::vector<std::int64_t> order(line.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return x[line[a]] < x[line[b]]; });
    for (std::size_t k = 0; k < line.size(); ++k)
      y[line[k]] = indices ? static_cast<double>(order[k]) : x[line[order[k]]];
  });
  return y;
}

F64 summed(const F64& x, int axis, bool reverse) {
  F64 y(x.shape);
  for_each_line(x.shape, axis, [&](std::vector<std::int64_t> line) {
    if (reverse) std::reverse(line.begin(), line.end());
    double total = 0;
    for (std::int64_t i : line) y[i] = total += x[i];
  });
  return y;
}

OpSample argsort_sample(std::string what, const Array& x, int axis) {
  return {.op = "argsort",
          .what = std::move(what),
          .build = [=](const Tensors& t) { return ops::argsort(t[0], axis); },
          .inputs = {x},
          .reference = [=](const std::vector<F64>& t) { return ordered(t[0], axis, true); }};
}

OpSample sort_sample(std::string what, const Array& x, int axis) {
  return {.op = "argsort",
          .what = std::move(what),
          .build = [=](const Tensors& t) { return ops::sort(t[0], axis); },
          .inputs = {x},
          .reference = [=](const std::vector<F64>& t) { return ordered(t[0], axis, false); },
          .differentiable = {0}};
}

OpSample cumsum_sample(std::string what, const Array& x, int axis, bool reverse) {
  return {.op = "cumsum",
          .what = std::move(what),
          .build = [=](const Tensors& t) { return ops::cumsum(t[0], axis, reverse); },
          .inputs = {x},
          .reference = [=](const std::vector<F64>& t) { return summed(t[0], axis, reverse); },
          .differentiable = graph::is_floating(x.dtype()) ? std::vector<int>{0} : std::vector<int>{}};
}

// NaN comes last here; with TensorFlow it stays somewhere.
const bool special =
    register_special_functions({of_one(
                                    "argsort", [](const Tensor& x) { return ops::argsort(x, -1); }, any_nan),
                                of_one(
                                    "sort", [](const Tensor& x) { return ops::sort(x, -1); }, any_nan),
                                of_one("cumsum", [](const Tensor& x) { return ops::cumsum(x, -1); })});

const bool samples = register_samples([] {
  const Array apart = numbers({2, 4}, {3, -1, 0.5, 2, 1, 4, -2, 0});
  return std::vector<OpSample>{
      argsort_sample("last axis", uniform({3, 6}), -1),
      argsort_sample("first axis", uniform({5, 3}), 0),
      argsort_sample("middle axis", uniform({2, 4, 3}), 1),
      argsort_sample("equal elements keep their order", numbers({8}, {2, 1, 2, 1, 1, 2, 0, 2}), 0),
      argsort_sample("int32", numbers({2, 3}, {3, 1, 2, -1, -1, -5}, graph::int32), 1),
      argsort_sample("empty", uniform({2, 0}), 1),
      sort_sample("sorted, last axis", apart, -1),
      sort_sample("sorted, first axis", apart, 0),
      cumsum_sample("last axis", uniform({2, 4}), -1, false),
      cumsum_sample("last axis, reverse", uniform({2, 4}), -1, true),
      cumsum_sample("first axis", uniform({3, 2}), 0, false),
      cumsum_sample("middle axis, reverse", uniform({2, 3, 2}), 1, true),
      cumsum_sample("int32", numbers({4}, {1, -2, 3, 4}, graph::int32), 0, false),
      cumsum_sample("int64", numbers({4}, {1, -2, 3, 4}, graph::int64), 0, true),
      cumsum_sample("empty", uniform({0, 3}), 0, false),
  };
});

const bool errors = register_errors([] {
  return std::vector<OpError>{
      {"argsort", "axis 2 is out of bounds for shape (2, 3)",
       [] {
         ops::argsort(input(0, {2, 3}), 2);
       }},
      {"sort", "axis -3 is out of bounds for shape (2, 3)",
       [] {
         ops::sort(input(0, {2, 3}), -3);
       }},
      {"cumsum", "axis 2 is out of bounds for shape (2, 3)",
       [] {
         ops::cumsum(input(0, {2, 3}), 2);
       }},
      {"cumsum", "expected float32, bfloat16, int32 or int64, got bool",
       [] {
         ops::cumsum(input(0, {2, 3}, graph::bool_));
       }},
  };
});

TEST(Argsort, NaNComesLast) {
  const Array order = interpret({ops::argsort(input(0, {5}))}, {Array{NAN, 1.f, NAN, -1.f, INFINITY}})[0];
  EXPECT_TRUE(array_equal(order, Array{3, 1, 4, 0, 2})) << order;
}

TEST(Sort, LargeOnSeveralThreadsIsTheSame) {
  const Array x = uniform({201, 203});
  const Tensor t = input(0, x.shape());
  const auto one = interpret({ops::sort(t, 0), ops::sort(t, 1), ops::cumsum(t, 1)}, {x}),
             three = interpret({ops::sort(t, 0), ops::sort(t, 1), ops::cumsum(t, 1)}, {x}, {.threads = 3});
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(array_equal(one[i], three[i])) << i;
  EXPECT_EQ(F64(one[0]).v, ordered(F64(x), 0, false).v);
}

}  // namespace
}  // namespace cornu::tests
