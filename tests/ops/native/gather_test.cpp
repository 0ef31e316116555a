#include "cornu/ops/native/gather.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "cornu/graph/leaf.h"
#include "cornu/ops/native/sort.h"
#include "tests/support/interpreter.h"
#include "tests/support/op_samples.h"
#include "tests/support/special_values.h"

namespace cornu::tests {
namespace {

// The place in x that an index means, or -1.
std::int64_t place(double index, std::int64_t length) {
  const auto i = static_cast<std::int64_t>(index);
  return i < 0 ? (i + length >= 0 ? i + length : -1) : i < length ? i : -1;
}

// Calls f(index into x, index into indices, index into y) for every element y of take(x, indices, axis).
template <class F>
void for_each_taken(const Shape& x, const Shape& indices, int axis, F&& f) {
  std::vector<std::int64_t> dims(x.begin(), x.begin() + axis);
  dims.insert(dims.end(), indices.begin(), indices.end());
  dims.insert(dims.end(), x.begin() + axis + 1, x.end());
  for_each_index(Shape(dims), [&](auto to) {
    std::vector<std::int64_t> which(to.begin() + axis, to.begin() + axis + indices.rank());
    std::vector<std::int64_t> from(to.begin(), to.begin() + axis);
    from.push_back(0);
    from.insert(from.end(), to.begin() + axis + indices.rank(), to.end());
    f(from, which, to);
  });
}

F64 taken(const F64& x, const F64& indices, int axis, const Shape& shape) {
  F64 y(shape);
  for_each_taken(x.shape, indices.shape, axis, [&](auto from, auto which, auto to) {
    from[axis] = place(indices.at(which), x.shape[axis]);
    y.at(to) = from[axis] < 0 ? std::nan("") : x.at(from);
  });
  return y;
}

F64 scattered(const F64& indices, const F64& updates, const Shape& shape, int axis) {
  F64 x(shape);
  for_each_taken(shape, indices.shape, axis, [&](auto to, auto which, auto from) {
    to[axis] = place(indices.at(which), shape[axis]);
    if (to[axis] >= 0) x.at(to) += updates.at(from);
  });
  return x;
}

Array ints(const Shape& shape, std::vector<double> v, DType dtype = graph::int32) {
  return numbers(shape, std::move(v), dtype);
}

OpSample take_sample(std::string what, const Array& x, const Array& indices, int axis, const Shape& out,
                     bool smooth = true) {
  return {.op = "take",
          .what = std::move(what),
          .build = [=](const Tensors& t) { return ops::take(t[0], t[1], axis); },
          .inputs = {x, indices},
          .reference = [=](const std::vector<F64>& t) { return taken(t[0], t[1], t[0].shape.normalize(axis), out); },
          .differentiable = smooth ? std::vector<int>{0} : std::vector<int>{}};
}

OpSample scatter_sample(std::string what, const Array& indices, const Array& updates, const Shape& shape, int axis) {
  return {.op = "scatter_add",
          .what = std::move(what),
          .build = [=](const Tensors& t) { return ops::scatter_add(t[0], t[1], shape, axis); },
          .inputs = {indices, updates},
          .reference = [=](const std::vector<F64>& t) { return scattered(t[0], t[1], shape, axis); },
          .differentiable = graph::is_floating(updates.dtype()) ? std::vector<int>{1} : std::vector<int>{}};
}

OpSample along_sample(std::string what, const Array& x, const Array& indices, int axis) {
  return {.op = "take_along_axis",
          .what = std::move(what),
          .build = [=](const Tensors& t) { return ops::take_along_axis(t[0], t[1], axis); },
          .inputs = {x, indices},
          .reference =
              [=](const std::vector<F64>& t) {
                const int at = t[0].shape.normalize(axis);
                F64 y(graph::broadcast(t[0].shape.with(at, 1), t[1].shape.with(at, 1)).with(at, t[1].shape[at]));
                for_each_index(y.shape, [&](auto i) {
                  std::vector<std::int64_t> from(i.begin(), i.end());
                  from[at] = place(t[1].at(i), t[0].shape[at]);
                  y.at(i) = from[at] < 0 ? std::nan("") : t[0].at(from);
                });
                return y;
              },
          .differentiable = {0}};
}

OpSample last_sample(std::string what, const Array& indices, std::int64_t length) {
  return {.op = "last_occurrence",
          .what = std::move(what),
          .build = [=](const Tensors& t) { return ops::last_occurrence(t[0], length); },
          .inputs = {indices},
          .reference =
              [=](const std::vector<F64>& t) {
                F64 y(Shape{length}, -1);
                for (std::int64_t i = 0; i < t[0].size(); ++i)
                  if (const std::int64_t at = place(t[0][i], length); at >= 0) y[at] = static_cast<double>(i);
                return y;
              }};
}

const bool no_table = register_without_special_values("last_occurrence", "takes whole numbers");

Tensor indices(std::initializer_list<std::int32_t> list) { return graph::constant(Array(list)); }

const bool special = register_special_functions(
    {of_one("take",
            [](const Tensor& x) {
              return ops::take(x, indices({2, 0, 2}), 1);
            }),
     of_one(
         "take_along_axis", [](const Tensor& x) { return ops::take_along_axis(x, ops::argsort(x, -1), -1); }, any_nan),
     of_one("scatter_add", [](const Tensor& x) {
       return ops::scatter_add(indices({1, 1, 0}), x, x.shape(), 1);
     })});

const bool samples = register_samples([] {
  return std::vector<OpSample>{
      take_sample("rows, repeated and negative", uniform({4, 3}), ints({5}, {1, -1, 1, 0, 1}), 0, {5, 3}),
      take_sample("matrix of indices", uniform({4, 2}), ints({2, 3}, {0, 3, 3, 1, 2, 0}, graph::int64), 0, {2, 3, 2}),
      take_sample("last axis", uniform({2, 4}), ints({3}, {3, 0, 3}, graph::uint8), -1, {2, 3}),
      take_sample("middle axis", uniform({2, 3, 2}), ints({2}, {2, 1}), 1, {2, 2, 2}),
      take_sample("scalar index", uniform({3, 2}), ints({}, {1}), 0, {2}),
      take_sample("out of range", uniform({2, 3}), ints({4}, {1, 2, -3, 0}), 0, {4, 3}, false),
      take_sample("no indices", uniform({2, 3}), ints({0}, {}), 0, {0, 3}),
      take_sample("of nothing", uniform({0, 3}), ints({1}, {0}), 0, {1, 3}, false),
      scatter_sample("repeated and negative", ints({5}, {1, -1, 1, 0, 1}), uniform({5, 3}), {4, 3}, 0),
      scatter_sample("last axis", ints({2, 2}, {2, 0, 2, 1}), uniform({3, 2, 2}), {3, 4}, 1),
      scatter_sample("out of range", ints({3}, {5, 1, -4}), uniform({3, 2}), {3, 2}, 0),
      scatter_sample("int32", ints({3}, {0, 1, 0}), ints({3}, {5, 6, 7}), {2}, 0),
      scatter_sample("int64", ints({3}, {0, 1, 0}), ints({3}, {5, 6, 7}, graph::int64), {2}, 0),
      scatter_sample("nothing", ints({0}, {}), uniform({0, 2}), {3, 2}, 0),
      along_sample("last axis", uniform({2, 4}), ints({2, 3}, {0, 3, 3, -1, 1, 2}), -1),
      along_sample("first axis", uniform({3, 2}), ints({2, 2}, {0, 2, 2, 2}, graph::int64), 0),
      along_sample("middle axis", uniform({2, 3, 2}), ints({2, 1, 2}, {0, 2, 1, 1}), 1),
      along_sample("empty", uniform({0, 3}), ints({0, 2}, {}), 1),
      along_sample("indices broadcast", uniform({4, 3}), ints({2, 1}, {3, 1}), 0),
      along_sample("both broadcast", uniform({3, 1, 2}), ints({1, 2, 2}, {0, 2, 2, 2}), 0),
      last_sample("repeated, negative and outside", ints({6}, {1, -1, 1, 0, 5, -5}), 4),
      last_sample("int64", ints({3}, {2, 0, 2}, graph::int64), 3),
      last_sample("nothing", ints({0}, {}), 2),
      last_sample("into nothing", ints({2}, {0, 1}), 0),
      {.op = "scatter_along_axis",
       .what = "last axis",
       .build = [](const Tensors& t) { return ops::scatter_along_axis(t[0], t[1], 4, -1); },
       .inputs = {ints({2, 3}, {0, 3, 3, -1, 1, 9}), uniform({2, 3})},
       .reference =
           [](const std::vector<F64>& t) {
             F64 y(Shape{2, 4});
             for (std::int64_t i = 0; i < 6; ++i)
               if (const auto at = place(t[0][i], 4); at >= 0) y[i / 3 * 4 + at] += t[1][i];
             return y;
           },
       .differentiable = {1}},
      {.op = "scatter_along_axis",
       .what = "first axis",
       .build = [](const Tensors& t) { return ops::scatter_along_axis(t[0], t[1], 3, 0); },
       .inputs = {ints({2, 2}, {0, 2, 0, 1}), uniform({2, 2})},
       .reference =
           [](const std::vector<F64>& t) {
             F64 y(Shape{3, 2});
             for (std::int64_t i = 0; i < 4; ++i) y[place(t[0][i], 3) * 2 + i % 2] += t[1][i];
             return y;
           },
       .differentiable = {1}},
  };
});

const bool errors = register_errors([] {
  const Tensor x = input(0, {4, 3}), i = input(1, {2}, graph::int32), j = input(2, {4, 1}, graph::int32);
  return std::vector<OpError>{
      {"take", "expected integer indices, got float32(4, 3)", [=] { ops::take(x, x); }},
      {"take", "axis 2 is out of bounds for shape (4, 3)", [=] { ops::take(x, i, 2); }},
      {"scatter_add", "expected updates of shape (2, 5) for indices (2,) along axis 0 of shape (9, 5), got (4, 3)",
       [=] {
         ops::scatter_add(i, x, {9, 5});
       }},
      {"scatter_add", "expected integer indices, got float32(4, 3)",
       [=] {
         ops::scatter_add(x, x, {9, 5});
       }},
      {"scatter_add", "expected float32, bfloat16, int32 or int64 updates, got bool",
       [=] { ops::scatter_add(i, input(3, {2}, graph::bool_), {9}); }},
      {"take_along_axis", "expected indices of shape (4, 3) but for axis 1, got (2,)",
       [=] { ops::take_along_axis(x, i, 1); }},
      {"take_along_axis", "expected indices of shape (4, 3) but for axis 0, got (4, 2)",
       [=] {
         ops::take_along_axis(x, input(4, {4, 2}, graph::int32), 0);
       }},
      {"last_occurrence", "expected integer indices, got float32(4, 3)", [=] { ops::last_occurrence(x, 3); }},
      {"last_occurrence", "expected a vector of indices, got shape (4, 1)", [=] { ops::last_occurrence(j, 3); }},
      {"last_occurrence", "expected a non-negative length, got -1", [=] { ops::last_occurrence(i, -1); }},
      {"take_along_axis", "expected integer indices", [=] { ops::take_along_axis(x, x, 0); }},
      {"scatter_along_axis", "expected indices and updates of one shape, got (4, 1) and (4, 3)",
       [=] { ops::scatter_along_axis(j, x, 3, 1); }},
      {"scatter_along_axis", "expected a non-negative length, got -1",
       [=] {
         ops::scatter_along_axis(j, input(3, {4, 1}), -1, 1);
       }},
  };
});

TEST(Take, WhatIsNotThere) {
  const Tensor far = input(1, {1}, graph::int32);
  const auto missing = [&](DType dtype) {
    return interpret({ops::take(input(0, {2}, dtype), far)}, {numbers({2}, {0, 1}, dtype), ints({1}, {7})})[0];
  };
  EXPECT_TRUE(std::isnan(missing(graph::float32).item<float>()));
  EXPECT_TRUE(std::isnan(missing(graph::bfloat16).item<float>()));
  EXPECT_EQ(missing(graph::int32).item<std::int32_t>(), std::numeric_limits<std::int32_t>::min());
  EXPECT_EQ(missing(graph::uint8).item<int>(), 255);
}

TEST(Take, LargeOnSeveralThreadsIsTheSame) {
  const Array x = uniform({50, 64});
  Array indices({1500}, graph::int32);
  for (std::int64_t i = 0; i < indices.size(); ++i)
    indices.data<std::int32_t>()[i] = static_cast<std::int32_t>(i * 31 % 50);
  const Tensor i = input(1, indices.shape(), graph::int32), rows = ops::take(input(0, x.shape()), i),
               sums = ops::scatter_add(i, rows, {50, 64});
  const auto one = interpret({rows, sums}, {x, indices}), three = interpret({rows, sums}, {x, indices}, {.threads = 3});
  EXPECT_TRUE(array_equal(one[0], three[0]));
  EXPECT_TRUE(array_equal(one[1], three[1]));
  EXPECT_TRUE(allclose(one[1], x * 30));
}

TEST(TakeAlongAxis, LargeOnSeveralThreadsIsTheSame) {
  const Array x = uniform({300, 120});
  Array indices({300, 200}, graph::int32);
  for (std::int64_t i = 0; i < indices.size(); ++i)
    indices.data<std::int32_t>()[i] = static_cast<std::int32_t>(i * 31 % 120);
  const Tensor i = input(1, indices.shape(), graph::int32), y = ops::take_along_axis(input(0, x.shape()), i, 1);
  const Tensor z = ops::scatter_along_axis(i, y, 120, 1);
  const auto one = interpret({y, z}, {x, indices}), three = interpret({y, z}, {x, indices}, {.threads = 3});
  EXPECT_TRUE(array_equal(one[0], three[0]));
  EXPECT_TRUE(array_equal(one[1], three[1]));
}

}  // namespace
}  // namespace cornu::tests
