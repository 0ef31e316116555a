#include "cornu/ops/native/slice.h"

#include <gtest/gtest.h>

#include "tests/support/interpreter.h"
#include "tests/support/op_samples.h"
#include "tests/support/special_values.h"

namespace cornu::tests {
namespace {

// y[i] = x[i - shift along the axis], 0 outside of x.
F64 shifted(const F64& x, int axis, std::int64_t shift, std::int64_t length) {
  F64 y(x.shape.with(axis, length));
  for_each_index(y.shape, [&](auto i) {
    std::vector<std::int64_t> from(i.begin(), i.end());
    from[axis] -= shift;
    if (from[axis] >= 0 && from[axis] < x.shape[axis]) y.at(i) = x.at(from);
  });
  return y;
}

OpSample slice_sample(std::string what, const Array& x, int axis, std::int64_t start, std::int64_t stop) {
  return {
      .op = "slice",
      .what = std::move(what),
      .build = [=](const Tensors& t) { return ops::slice(t[0], axis, start, stop); },
      .inputs = {x},
      .reference =
          [=](const std::vector<F64>& t) { return shifted(t[0], t[0].shape.normalize(axis), -start, stop - start); },
      .differentiable = graph::is_floating(x.dtype()) ? std::vector<int>{0} : std::vector<int>{}};
}

OpSample pad_sample(std::string what, const Array& x, int axis, std::int64_t before, std::int64_t after) {
  return {.op = "pad",
          .what = std::move(what),
          .build = [=](const Tensors& t) { return ops::pad(t[0], axis, before, after); },
          .inputs = {x},
          .reference =
              [=](const std::vector<F64>& t) {
                const int at = t[0].shape.normalize(axis);
                return shifted(t[0], at, before, before + t[0].shape[at] + after);
              },
          .differentiable = graph::is_floating(x.dtype()) ? std::vector<int>{0} : std::vector<int>{}};
}

F64 joined(const std::vector<F64>& xs, int axis) {
  std::int64_t length = 0, start = 0;
  for (const F64& x : xs) length += x.shape[axis];
  F64 y(xs[0].shape.with(axis, length));
  for (const F64& x : xs) {
    const F64 part = shifted(x, axis, start, length);
    for (std::int64_t i = 0; i < y.size(); ++i) y[i] += part[i];
    start += x.shape[axis];
  }
  return y;
}

OpSample concatenate_sample(std::string what, std::vector<Array> xs, int axis) {
  std::vector<int> all;
  for (std::size_t i = 0; i < xs.size() && graph::is_floating(xs[0].dtype()); ++i) all.push_back(static_cast<int>(i));
  return {.op = "concatenate",
          .what = std::move(what),
          .build = [=](const Tensors& t) { return ops::concatenate(t, axis); },
          .inputs = std::move(xs),
          .reference = [=](const std::vector<F64>& t) { return joined(t, t[0].shape.normalize(axis)); },
          .differentiable = all};
}

const bool special =
    register_special_functions({of_one("slice", [](const Tensor& x) { return ops::slice(x, 1, 1, 3); }),
                                of_one("concatenate",
                                       [](const Tensor& x) {
                                         return ops::concatenate({x, ops::slice(x, 1, 0, 1)}, -1);
                                       }),
                                of_one("pad", [](const Tensor& x) { return ops::pad(x, 1, 1, 0); })});

const bool samples = register_samples([] {
  return std::vector<OpSample>{
      slice_sample("first axis", uniform({4, 3}), 0, 1, 3),
      slice_sample("middle axis", uniform({2, 5, 3}), 1, 2, 5),
      slice_sample("last axis", uniform({2, 3, 4}), -1, 0, 1),
      slice_sample("nothing", uniform({2, 3}), 1, 2, 2),
      slice_sample("uint8", numbers({2, 3}, {1, 2, 3, 4, 5, 6}, graph::uint8), 1, 1, 3),
      slice_sample("empty", uniform({0, 3}), 1, 1, 3),
      pad_sample("first axis", uniform({2, 3}), 0, 1, 2),
      pad_sample("middle axis", uniform({2, 2, 3}), 1, 0, 2),
      pad_sample("last axis", uniform({2, 3}), -1, 2, 0),
      pad_sample("int64", numbers({2}, {4, 5}, graph::int64), 0, 1, 1),
      pad_sample("empty", uniform({2, 0}), 1, 1, 2),
      concatenate_sample("last axis", {uniform({2, 3}), uniform({2, 1}, -1, 1, 2), uniform({2, 2}, -1, 1, 3)}, -1),
      concatenate_sample("first axis", {uniform({1, 3}), uniform({2, 3}, -1, 1, 2)}, 0),
      concatenate_sample("middle axis", {uniform({2, 1, 3}), uniform({2, 2, 3}, -1, 1, 2)}, 1),
      concatenate_sample("with an empty one", {uniform({2, 0}), uniform({2, 3}, -1, 1, 2)}, 1),
      concatenate_sample("bool", {numbers({2}, {1, 0}, graph::bool_), numbers({1}, {1}, graph::bool_)}, 0),
      {.op = "slice",
       .what = "split",
       .build = [](const Tensors& t) { return ops::split(t[0], 3, 1); },
       .inputs = {uniform({2, 6})},
       .reference =
           [](const std::vector<F64>& t) {
             return F64s{shifted(t[0], 1, 0, 2), shifted(t[0], 1, -2, 2), shifted(t[0], 1, -4, 2)};
           },
       .differentiable = {0}},
      {.op = "slice",
       .what = "split by indices",
       .build =
           [](const Tensors& t) {
             return ops::split(t[0], {1, 1, -2});
           },
       .inputs = {uniform({5, 2})},
       .reference =
           [](const std::vector<F64>& t) {
             return F64s{shifted(t[0], 0, 0, 1), shifted(t[0], 0, -1, 0), shifted(t[0], 0, -1, 2),
                         shifted(t[0], 0, -3, 2)};
           },
       .differentiable = {0}},
      {.op = "slice",
       .what = "of every axis",
       .build =
           [](const Tensors& t) {
             return ops::slice(t[0], {1, 0, 2}, {1, 2, -1});
           },
       .inputs = {uniform({3, 2, 4})},
       .reference = [](const std::vector<F64>& t) { return shifted(shifted(t[0], 0, -1, 1), 2, -2, 2); },
       .differentiable = {0}},
  };
});

const bool errors = register_errors([] {
  const Tensor x = input(0, {2, 3}), n = input(1, {2, 3}, graph::int32);
  return std::vector<OpError>{
      {"slice", "[1, 4) is out of bounds for axis 1 of shape (2, 3)", [=] { ops::slice(x, 1, 1, 4); }},
      {"slice", "[2, 1) is out of bounds", [=] { ops::slice(x, 1, 2, 1); }},
      {"slice", "[-1, 1) is out of bounds", [=] { ops::slice(x, 1, -1, 1); }},
      {"slice", "axis 2 is out of bounds for shape (2, 3)", [=] { ops::slice(x, 2, 0, 1); }},
      {"pad", "expected non-negative lengths, got -1 and 0", [=] { ops::pad(x, 0, -1, 0); }},
      {"pad", "axis -3 is out of bounds for shape (2, 3)", [=] { ops::pad(x, -3, 1, 0); }},
      {"split", "axis 1 of shape (2, 3) cannot be divided into 2 equal parts", [=] { ops::split(x, 2, 1); }},
      {"split", "into 0 equal parts", [=] { ops::split(x, 0, 1); }},
      {"split", "expected ascending indices within axis 1 of shape (2, 3), got 1 behind 2",
       [=] {
         ops::split(x, {2, 1}, 1);
       }},
      {"split", "expected ascending indices within axis 0 of shape (2, 3), got 3 behind 0",
       [=] { ops::split(x, {3}); }},
      {"split", "axis 2 is out of bounds for shape (2, 3)", [=] { ops::split(x, 1, 2); }},
      {"slice", "[1, 4) is out of bounds for axis 1 of shape (2, 3)",
       [=] {
         ops::slice(x, {0, 1}, {2, 3});
       }},
      {"slice", "expected 2 start_indices and lengths for shape (2, 3), got 1 and 2",
       [=] {
         ops::slice(x, {0}, {2, 3});
       }},
      {"concatenate", "expected shapes that agree but for axis 1, got (2, 3) and (4, 3)",
       [=] {
         ops::concatenate({x, input(2, {4, 3})});
       }},
      {"concatenate", "got (2, 3) and (3,)",
       [=] {
         ops::concatenate({x, input(2, {3})});
       }},
      {"concatenate", "expected tensors of one dtype, got float32(2, 3) and int32(2, 3)",
       [=] {
         ops::concatenate({x, n});
       }},
      {"concatenate", "expected at least one tensor, got none", [=] { ops::concatenate({}); }},
      {"concatenate", "axis 2 is out of bounds for shape (2, 3)",
       [=] {
         ops::concatenate({x, x}, 2);
       }},
  };
});

TEST(Slice, OfAllIsTheTensorItself) {
  const Tensor x = input(0, {2, 3});
  EXPECT_TRUE(ops::slice(x, 1, 0, 3).same(x));
  EXPECT_TRUE(ops::pad(x, 1, 0, 0).same(x));
  EXPECT_TRUE(ops::concatenate({x}).same(x));
}

TEST(Split, ANumberInBracesIsAPlace) {
  const Tensor x = input(0, {4, 3});
  const auto lengths = [](const Tensors& parts) {
    std::vector<std::int64_t> all;
    for (const Tensor& part : parts) all.push_back(part.shape()[0]);
    return all;
  };
  EXPECT_EQ(lengths(ops::split(x, 2)), (std::vector<std::int64_t>{2, 2}));
  EXPECT_EQ(lengths(ops::split(x, {1})), (std::vector<std::int64_t>{1, 3}));
  EXPECT_EQ(lengths(ops::split(x, std::vector<std::int64_t>{})), (std::vector<std::int64_t>{4}));
}

TEST(Slice, LargeOnSeveralThreadsIsTheSame) {
  const Array a = uniform({301, 150}), b = uniform({301, 70}, 3, 4);
  const Tensor x = input(0, a.shape()), y = input(1, b.shape());
  const Tensor both = ops::concatenate({x, y}, 1);
  const auto got = interpret({both, ops::slice(both, 1, 150, 220), ops::pad(x, 1, 3, 2)}, {a, b}, {.threads = 3});
  EXPECT_TRUE(array_equal(got[0], concatenate({a, b}, 1)));
  EXPECT_TRUE(array_equal(got[1], b));
  EXPECT_TRUE(array_equal(got[2], concatenate({graph::zeros({301, 3}), a, graph::zeros({301, 2})}, 1)));
}

}  // namespace
}  // namespace cornu::tests
