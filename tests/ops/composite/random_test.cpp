#include "cornu/ops/composite/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "cornu/graph/function.h"
#include "cornu/graph/leaf.h"
#include "cornu/ops/native/cast.h"
#include "tests/support/interpreter.h"
#include "tests/support/op_samples.h"

namespace cornu::tests {
namespace {

const Array kState = numbers({2}, {11, 4}, graph::int64);

template <class F>
Array drawn(F f, const Array& state = kState) {
  return graph::Function([f](const Tensor& s) { return f(s); })(state);
}
double mean_of(const Array& x) { return mean(x.astype(graph::float64)).item<double>(); }

TEST(RandomNumbers, UniformOnesStayBelowTheUpperBound) {
  const Array x = drawn([](const Tensor& s) { return ops::random_uniform(s, {100000}, -3, 5); });
  EXPECT_GE(min(x).item<float>(), -3);
  EXPECT_LT(max(x).item<float>(), 5);
  EXPECT_NEAR(mean_of(x), 1, 0.05);
  // Between neighbours there is nothing to choose from.
  const float next = std::nextafter(1.f, 2.f);
  EXPECT_EQ(max(drawn([=](const Tensor& s) { return ops::random_uniform(s, {1000}, 1, next); })).item<float>(), 1);
  EXPECT_EQ(min(drawn([](const Tensor& s) { return ops::random_uniform(s, {10}, 2, 2); })).item<float>(), 2);
}

TEST(RandomNumbers, NormalOnesHaveMeanAndDeviation) {
  const Array x = drawn([](const Tensor& s) { return ops::random_normal(s, {100000}, 3, 0.5); });
  EXPECT_NEAR(mean_of(x), 3, 0.01);
  EXPECT_NEAR(cornu::std(x).item<float>(), 0.5, 0.01);
}

TEST(RandomNumbers, TruncatedOnesStayWithinTwoDeviations) {
  const Array x = drawn([](const Tensor& s) { return ops::random_truncated_normal(s, {100000}, 1, 2); });
  EXPECT_GE(min(x).item<float>(), -3);
  EXPECT_LE(max(x).item<float>(), 5);
  EXPECT_NEAR(mean_of(x), 1, 0.02);
  EXPECT_NEAR(cornu::std(x).item<float>(), 2 * 0.87962566, 0.02);
  EXPECT_NEAR(mean_of(abs(x - 1.f) < 2.f), 0.6826895 / 0.9544997, 0.006);
}

TEST(RandomNumbers, BernoulliIsTrueWithTheProbability) {
  const Array x = drawn([](const Tensor& s) {
    return ops::random_bernoulli(s, {20000, 3}, graph::Array{0.f, 0.3f, 1.f});
  });
  EXPECT_EQ(x.dtype(), bool_);
  const Array parts = mean(x.astype(float32), 0);
  EXPECT_EQ(parts.at<float>({0}), 0);
  EXPECT_NEAR(parts.at<float>({1}), 0.3, 0.015);
  EXPECT_EQ(parts.at<float>({2}), 1);
  EXPECT_NEAR(mean_of(drawn([](const Tensor& s) { return ops::random_bernoulli(s, {20000}); })), 0.5, 0.015);
}

TEST(RandomNumbers, ClassesAreDrawnBySoftmax) {
  const Array logits = Array{std::log(0.1f), std::log(0.6f), std::log(0.3f), 5.f, -INFINITY, 5.f}.reshape({2, 3});
  const Array x = drawn([&](const Tensor& s) { return ops::random_categorical(s, logits, 20000); });
  EXPECT_EQ(x.spec(), (graph::Spec{int32, {2, 20000}}));
  for (const auto& [row, want] :
       {std::pair{0, std::vector<double>{0.1, 0.6, 0.3}}, std::pair{1, std::vector<double>{0.5, 0, 0.5}}})
    for (int i = 0; i < 3; ++i) EXPECT_NEAR(mean_of(x[row] == i), want[static_cast<std::size_t>(i)], 0.015) << row << i;
  EXPECT_EQ(drawn([](const Tensor& s) {
              return ops::random_categorical(s, graph::zeros({3, 2}), 0);
            }).shape(),
            (Shape{3, 0}));
}

TEST(RandomNumbers, GammaOnesHaveMeanAndVariance) {
  for (const double alpha : {0.3, 1., 2.5, 40.}) {
    const Array x =
        drawn([&](const Tensor& s) { return ops::random_gamma(s, {100000}, graph::constant(alpha, graph::float32)); });
    EXPECT_GE(min(x).item<float>(), 0);
    EXPECT_NEAR(mean_of(x) / alpha, 1, 0.02) << alpha;
    EXPECT_NEAR(var(x).item<float>() / alpha, 1, 0.04) << alpha;
  }
  // The median of alpha 1, an exponential distribution.
  const Array x =
      drawn([](const Tensor& s) { return ops::random_gamma(s, {50000}, graph::constant(1, graph::float32)); });
  EXPECT_NEAR(mean_of(x < 0.6931472f), 0.5, 0.01);
  const Array each = drawn([](const Tensor& s) { return ops::random_gamma(s, {20000, 2}, Array{0.5f, 5.f}); });
  EXPECT_NEAR(mean(each, 0).at<float>({1}), 5, 0.1);
  EXPECT_THROW(drawn([](const Tensor& s) { return ops::random_gamma(s, {3, 2}, Array{1.f, 2.f, 3.f}); }), ShapeError);
}

TEST(RandomNumbers, BetaOnesLieBetweenTheEnds) {
  for (const auto& [a, b] : {std::pair{0.2, 0.2}, std::pair{1., 1.}, std::pair{2., 6.}, std::pair{1e-6, 1e-6}}) {
    const Array x = drawn([a = a, b = b](const Tensor& s) {
      return ops::random_beta(s, {100000}, graph::constant(a, graph::float32), graph::constant(b, graph::float32));
    });
    EXPECT_GE(min(x).item<float>(), 0);
    EXPECT_LE(max(x).item<float>(), 1);
    EXPECT_NEAR(mean_of(x), a / (a + b), 0.01) << a;
    EXPECT_NEAR(var(x).item<float>(), a * b / ((a + b) * (a + b) * (a + b + 1)), 0.005) << a;
  }
}

TEST(RandomNumbers, ShuffledPartsAreThoseThatWere) {
  const Array x = graph::arange(0, 3000).astype(float32).reshape({1000, 3});
  const auto shuffled = [&](const Array& state, int axis) {
    return drawn([&](const Tensor& s) { return ops::random_shuffle(s, x, axis); }, state);
  };
  const Array y = shuffled(kState, 0);
  EXPECT_FALSE(array_equal(y, x));
  EXPECT_TRUE(array_equal(y, shuffled(kState, 0)));
  EXPECT_FALSE(array_equal(y, shuffled(numbers({2}, {11, 5}, graph::int64), 0)));
  EXPECT_TRUE(array_equal(sort(y, 0), x)) << "rows stay whole";
  EXPECT_TRUE(array_equal(y.slice(0, 1).reshape({3}) - y.at<float>({0, 0}), Array{0.f, 1.f, 2.f}));
  EXPECT_TRUE(array_equal(sort(shuffled(kState, 1), 1), x));
  // No place is preferred: the first element goes anywhere.
  int low = 0;
  for (int i = 0; i < 400; ++i)
    low += drawn(
               [](const Tensor& s) {
                 return ops::random_shuffle(s, graph::Array{0, 1, 2, 3});
               },
               numbers({2}, {7, static_cast<double>(i)}, graph::int64))
               .at<int>({0}) < 2;
  EXPECT_NEAR(low, 200, 40);
}

const bool samples = register_samples([] {
  // Of what is drawn, only the numbers that are put in order are inputs: their gradient goes back to where they were.
  return std::vector<OpSample>{{.op = "random_uniform",
                                .what = "shuffle, summed",
                                .build =
                                    [](const Tensors& t) {
                                      return ops::cast(ops::random_bernoulli(t[0], {2, 3}, 1), graph::float32);
                                    },
                                .inputs = {kState},
                                .reference =
                                    [](const std::vector<F64>&) {
                                      return F64(Shape{2, 3}, 1);
                                    }}};
});

const bool errors = register_errors([] {
  const auto state = [] { return input(0, {2}, graph::int64); };
  return std::vector<OpError>{
      {"random_uniform", "expected finite bounds, the lower one first, got 2 and 1",
       [=] { ops::random_uniform(state(), {3}, 2, 1); }},
      {"random_uniform", "expected finite bounds", [=] { ops::random_uniform(state(), {3}, 0, INFINITY); }},
      {"random_normal", "expected a stddev of at least 0, got -1", [=] { ops::random_normal(state(), {3}, 0, -1); }},
      {"random_truncated_normal", "expected a stddev of at least 0, got nan",
       [=] { ops::random_truncated_normal(state(), {3}, 0, NAN); }},
      {"random_bernoulli", "probabilities of shape (2, 3) do not broadcast to (3,)",
       [=] {
         ops::random_bernoulli(state(), {3}, input(1, {2, 3}));
       }},
      {"random_bernoulli", "(4,)", [=] { ops::random_bernoulli(state(), {3}, input(1, {4})); }},
      {"random_categorical", "expected logits of shape (batch, classes), got (3,)",
       [=] { ops::random_categorical(state(), input(1, {3}), 2); }},
      {"random_categorical", "expected at least 0 samples, got -1",
       [=] {
         ops::random_categorical(state(), input(1, {3, 2}), -1);
       }},
      {"random_shuffle", "axis 1 is out of bounds for shape (3,)",
       [=] { ops::random_shuffle(state(), input(1, {3}), 1); }},
  };
});

}  // namespace
}  // namespace cornu::tests
