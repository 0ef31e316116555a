#include "cornu/ops/moments.h"

#include <gtest/gtest.h>

#include "tests/support/interpreter.h"
#include "tests/support/op_samples.h"
#include "tests/support/special_values.h"

namespace cornu::tests {
namespace {

F64s reference(const F64& x, const std::vector<int>& axes) {
  const auto add = [](double a, double b) { return a + b; };
  const auto mean = [&](const F64& v) {
    const F64 sum = fold(v, axes, true, 0, add);
    const double count = static_cast<double>(v.size()) / static_cast<double>(sum.size());
    return map(sum, [=](double s) { return s / count; });
  };
  const F64 center = mean(x);
  return {center, mean(zip(x, center, [](double a, double m) { return (a - m) * (a - m); }))};
}

OpSample sample(const Array& x, const std::vector<int>& axes, bool differentiable) {
  return {.op = "moments",
          .what = graph::message(x.shape(), " over ", Shape(std::vector<std::int64_t>(axes.begin(), axes.end()))),
          .build =
              [=](const Tensors& in) {
                const auto [mean, variance] = ops::moments(in[0], axes, graph::keepdims);
                return Tensors{mean, variance};
              },
          .inputs = {x},
          .reference = [=](const std::vector<F64>& in) { return reference(in[0], axes); },
          .differentiable = differentiable ? std::vector<int>{0} : std::vector<int>{}};
}

const bool special = register_without_special_values("moments", "sums, as mean, of x and of deviations from it");

const bool samples = register_samples([] {
  return std::vector<OpSample>{
      sample(uniform({2, 3, 4}), {0}, true),
      sample(uniform({2, 3, 4}), {0, 1}, true),
      sample(uniform({2, 3, 4}), {1}, true),
      sample(uniform({2, 3, 4}), {2}, true),
      sample(uniform({2, 3, 4}), {0, 1, 2}, true),
      sample(uniform({1, 5}), {0}, true),
      sample(uniform({9, 10, 7, 16}, -3, 5), {0, 1, 2}, false),  // short rows lie side by side, and some are left over
      sample(uniform({700, 70}), {0}, false),                    // two strips, several blocks
      sample(uniform({3, 9000}), {1}, false),
      sample(uniform({4, 300, 5}), {1}, false),
  };
});

const bool errors = register_errors([] {
  return std::vector<OpError>{{"moments", "axis 2 is out of bounds for shape (2, 3)",
                               [] {
                                 ops::moments(input(0, {2, 3}), {2});
                               }},
                              {"moments", "an axis is named twice", [] {
                                 ops::moments(input(0, {2, 3}), {0, -2});
                               }}};
});

// Mean 1000, deviations of some 0.001: mean(x^2) - mean^2 would be all rounding.
TEST(MomentsTest, KeepDigitsOfSmallDeviations) {
  std::vector<float> x;
  for (int i = 0; i < 4096; ++i) x.push_back(1000 + (i % 2 == 0 ? 0.0009765625f : -0.0009765625f));
  const auto [mean, variance] = ops::moments(input(0, {4096, 1}), {0});
  const auto y = interpret({mean, variance}, {Array(x).reshape({4096, 1})});
  EXPECT_EQ(y[0].item<float>(), 1000);
  EXPECT_FLOAT_EQ(y[1].item<float>(), 0.0009765625f * 0.0009765625f);
}

// (batch, channels, length): the axes do not lie side by side, and are folded one after the other.
TEST(MomentsTest, TakeAxesThatLieApart) {
  const Array x = graph::arange(0, 24).reshape({2, 3, 4});
  const auto [mean, variance] = ops::moments(input(0, x.shape()), {0, -1});
  const auto y = interpret({mean, variance}, {x});
  EXPECT_TRUE(array_equal(y[0], Array{7.5f, 11.5f, 15.5f}));
  EXPECT_TRUE(array_equal(y[1], Array{37.25f, 37.25f, 37.25f}));
}

}  // namespace
}  // namespace cornu::tests
