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

/// The k largest of the last axis, the first of equals first.
F64s largest(const F64& x, std::int64_t k) {
  const int axis = x.shape.rank() - 1;
  F64 values(x.shape.with(axis, k)), indices(values.shape);
  std::int64_t first = 0;
  for_each_line(x.shape, axis, [&](const std::vector<std::int64_t>& line) {
    std::vector<std::int64_t> order(line.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return x[line[a]] > x[line[b]]; });
    for (std::int64_t i = 0; i < k; ++i, ++first) {
      values[first] = x[line[order[i]]];
      indices[first] = static_cast<double>(order[i]);
    }
  });
  return {values, indices};
}

std::vector<OpSample> top_k_samples(const std::string& what, const Array& x, std::int64_t k) {
  const auto of = [=](int output) {
    return OpSample{
        .op = "argsort",
        .what = graph::message("top_k ", what, ", output ", output),
        .build = [=](const Tensors& t) { return ops::top_k(t[0], k)[static_cast<std::size_t>(output)]; },
        .inputs = {x},
        .reference = [=](const std::vector<F64>& t) { return largest(t[0], k)[static_cast<std::size_t>(output)]; },
        .differentiable =
            output == 0 && x.dtype() == graph::float32 && k > 0 ? std::vector<int>{0} : std::vector<int>{}};
  };
  return {of(0), of(1)};
}

// NaN comes last here; with TensorFlow it stays somewhere.
const bool special =
    register_special_functions({of_one(
                                    "argsort", [](const Tensor& x) { return ops::argsort(x, -1); }, any_nan),
                                of_one(
                                    "sort", [](const Tensor& x) { return ops::sort(x, -1); }, any_nan),
                                of_one(
                                    "top_k", [](const Tensor& x) { return ops::top_k(x, 2)[0]; }, any_nan)});

const bool samples = register_samples([] {
  const Array apart = numbers({2, 4}, {3, -1, 0.5, 2, 1, 4, -2, 0});
  std::vector<OpSample> all{
      argsort_sample("last axis", uniform({3, 6}), -1),
      argsort_sample("first axis", uniform({5, 3}), 0),
      argsort_sample("middle axis", uniform({2, 4, 3}), 1),
      argsort_sample("equal elements keep their order", numbers({8}, {2, 1, 2, 1, 1, 2, 0, 2}), 0),
      argsort_sample("int32", numbers({2, 3}, {3, 1, 2, -1, -1, -5}, graph::int32), 1),
      argsort_sample("empty", uniform({2, 0}), 1),
      sort_sample("sorted, last axis", apart, -1),
      sort_sample("sorted, first axis", apart, 0),
  };
  for (graph::DType dtype : {graph::bool_, graph::uint8, graph::int64})
    all.push_back(argsort_sample("dtype", numbers({5}, {1, 0, 1, 1, 0}, dtype), 0));
  for (const auto& [what, x, k] : std::vector<std::tuple<std::string, Array, std::int64_t>>{
           {"of rows", apart, 2},
           {"all", apart, 4},
           {"none", apart, 0},
           {"one", numbers({1}, {3}), 1},
           {"no rows", uniform({0, 3}), 2},
           {"equals", numbers({2, 4}, {1, 3, 3, 1, 2, 2, 2, 2}, graph::int32), 3},
           {"uint8", numbers({4}, {7, 255, 0, 9}, graph::uint8), 2},
           {"least integers", numbers({3}, {-2147483648.0, 5, -2147483648.0}, graph::int32), 2}})
    for (OpSample& s : top_k_samples(what, x, k)) all.push_back(std::move(s));
  return all;
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
      {"top_k", "expected k from 0 to 3, got 4",
       [] {
         ops::top_k(input(0, {2, 3}), 4);
       }},
      {"top_k", "expected k from 0 to 3, got -1",
       [] {
         ops::top_k(input(0, {2, 3}), -1);
       }},
      {"top_k", "axis -1 is out of bounds for shape ()", [] { ops::top_k(input(0, {}), 0); }},
  };
});

TEST(Argsort, NaNComesLast) {
  const Array order = interpret({ops::argsort(input(0, {5}))}, {Array{NAN, 1.f, NAN, -1.f, INFINITY}})[0];
  EXPECT_TRUE(array_equal(order, Array{3, 1, 4, 0, 2})) << order;
}

TEST(TopK, NaNIsTheLargest) {
  const auto y = interpret(ops::top_k(input(0, {4}), 2), {Array{1.f, NAN, INFINITY, -1.f}});
  EXPECT_TRUE(array_equal(y[1], Array{1, 2})) << y[1];
  EXPECT_TRUE(std::isnan(y[0].at<float>({0})));
}

TEST(Sort, LargeOnSeveralThreadsIsTheSame) {
  const Array x = uniform({201, 203});
  const Tensor t = input(0, x.shape());
  const auto one = interpret({ops::sort(t, 0), ops::sort(t, 1), ops::top_k(t, 7)[0]}, {x}),
             three = interpret({ops::sort(t, 0), ops::sort(t, 1), ops::top_k(t, 7)[0]}, {x}, {.threads = 3});
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(array_equal(one[i], three[i])) << i;
  EXPECT_EQ(F64(one[0]).v, ordered(F64(x), 0, false).v);
}

}  // namespace
}  // namespace cornu::tests
