#include "cornu/ops/native/arg_reduction.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/interpreter.h"
#include "tests/support/op_samples.h"
#include "tests/support/special_values.h"

namespace cornu::tests {
namespace {

F64 searched(const F64& x, int axis, double sign) {
  axis = x.shape.normalize(axis);
  F64 y(x.shape.erase(axis)), best(x.shape.erase(axis), -INFINITY);
  for_each_index(x.shape, [&](auto i) {
    std::vector<std::int64_t> to(i.begin(), i.end());
    to.erase(to.begin() + axis);
    if (sign * x.at(i) <= best.at(to)) return;
    best.at(to) = sign * x.at(i);
    y.at(to) = static_cast<double>(i[axis]);
  });
  return y;
}

OpSample sample(bool largest, std::string what, const Array& x, int axis) {
  return {.op = largest ? "argmax" : "argmin",
          .what = std::move(what),
          .build = [=](const Tensors& t) { return largest ? ops::argmax(t[0], axis) : ops::argmin(t[0], axis); },
          .inputs = {x},
          .reference = [=](const std::vector<F64>& t) { return searched(t[0], axis, largest ? 1 : -1); }};
}

const bool special = register_special_functions({of_one("argmax", [](const Tensor& x) { return ops::argmax(x, -1); }),
                                                 of_one("argmin", [](const Tensor& x) { return ops::argmin(x, -1); })});

const bool samples = register_samples([] {
  std::vector<OpSample> all;
  for (bool largest : {true, false}) {
    all.push_back(sample(largest, "last axis", uniform({3, 5}), -1));
    all.push_back(sample(largest, "first axis", uniform({4, 3}), 0));
    all.push_back(sample(largest, "middle axis", uniform({2, 4, 3}), 1));
    all.push_back(sample(largest, "the first of equals", numbers({2, 4}, {1, 3, 3, 1, 2, 2, 2, 2}), 1));
    all.push_back(sample(largest, "int64", numbers({3}, {-5, 9, 9}, graph::int64), 0));
    all.push_back(sample(largest, "empty", uniform({0, 3}), 1));
    for (graph::DType dtype : {graph::bool_, graph::uint8, graph::int32})
      all.push_back(sample(largest, "dtype", numbers({2, 3}, {1, 0, 1, 0, 1, 0}, dtype), 1));
  }
  return all;
});

const bool errors = register_errors([] {
  return std::vector<OpError>{
      {"argmax", "axis 1 of shape (2, 0) has no elements to compare",
       [] {
         ops::argmax(input(0, {2, 0}), -1);
       }},
      {"argmin", "axis 2 is out of bounds for shape (2, 3)",
       [] {
         ops::argmin(input(0, {2, 3}), 2);
       }},
      {"argmax", "axis -1 is out of bounds for shape ()", [] { ops::argmax(input(0, {}), -1); }},
  };
});

TEST(ArgReduction, NaNIsPassedOver) {
  const Tensor x = input(0, {2, 4});
  const Array rows = Array{NAN, 1.f, 5.f, NAN, NAN, NAN, NAN, NAN}.reshape({2, 4});
  const auto got = interpret({ops::argmax(x, -1), ops::argmin(x, -1)}, {rows});
  EXPECT_TRUE(array_equal(got[0], Array{2, 0}));
  EXPECT_TRUE(array_equal(got[1], Array{1, 0}));
}

TEST(ArgReduction, WithoutAnAxisAllElementsStandInOneDimension) {
  const Tensor x = input(0, {2, 2});
  const auto got = interpret({ops::argmax(x), ops::argmin(x), ops::argmax(input(1, {}))},
                             {Array{3.f, 1.f, 4.f, 0.f}.reshape({2, 2}), numbers({}, {5})});
  EXPECT_EQ(got[0].shape(), Shape{});
  EXPECT_EQ(got[0].item<int>(), 2);
  EXPECT_EQ(got[1].item<int>(), 3);
  EXPECT_EQ(got[2].item<int>(), 0);
  EXPECT_EQ(ops::argmax(x, 0, ops::keepdims).shape(), (Shape{1, 2}));
  EXPECT_EQ(ops::argmin(x, -1, ops::keepdims).shape(), (Shape{2, 1}));
}

TEST(ArgReduction, MinusZeroIsLessThanZero) {
  const Tensor x = input(0, {3});
  const auto got = interpret({ops::argmax(x), ops::argmin(x)}, {Array{-0.f, 0.f, -0.f}});
  EXPECT_EQ(got[0].item<int>(), 1);
  EXPECT_EQ(got[1].item<int>(), 0);
}

TEST(ArgReduction, LargeOnSeveralThreadsIsTheSame) {
  const Array x = uniform({301, 203});
  const Tensor t = input(0, x.shape());
  const auto got = interpret({ops::argmax(t, 1), ops::argmax(t, 0)}, {x}, {.threads = 3});
  EXPECT_TRUE(array_equal(got[0], argmax(x, 1)));
  EXPECT_TRUE(array_equal(got[1], argmax(x, 0)));
}

}  // namespace
}  // namespace cornu::tests
