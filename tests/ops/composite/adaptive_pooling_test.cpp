#include "cornu/ops/composite/adaptive_pooling.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "cornu/autodiff/gradient_check.h"
#include "cornu/autodiff/gradients.h"
#include "cornu/graph/array/random.h"
#include "cornu/graph/function.h"
#include "cornu/ops/eltwise.h"
#include "tests/keras/expect_error.h"

namespace cornu::ops {
namespace {

using graph::Shape;

Array pooled(Tensor (*pool)(const Tensor&, const PerAxis&), const Array& x, const PerAxis& sizes) {
  const graph::Function f([&](const Tensor& t) { return pool(t, sizes); });
  return f(x);
}

// Window i of m over n numbers, by the formula.
std::pair<std::int64_t, std::int64_t> window(std::int64_t i, std::int64_t n, std::int64_t m) {
  return {i * n / m, ((i + 1) * n + m - 1) / m};
}

TEST(AdaptivePooling, ValuesAreThoseOfTheFormula) {
  graph::random::Generator rng(1);
  for (std::int64_t n = 1; n <= 12; ++n)
    for (std::int64_t m = 1; m <= 9; ++m) {
      const Array x = rng.uniform({2, n, 3}, -1, 1);
      Array most(Shape{2, m, 3}), mean(Shape{2, m, 3});
      for (std::int64_t b = 0; b < 2; ++b)
        for (std::int64_t i = 0; i < m; ++i)
          for (std::int64_t c = 0; c < 3; ++c) {
            const auto [begin, end] = window(i, n, m);
            float largest = x.at<float>({b, begin, c});
            double sum = 0;
            for (std::int64_t at = begin; at < end; ++at) {
              largest = std::max(largest, x.at<float>({b, at, c}));
              sum += x.at<float>({b, at, c});
            }
            most.at<float>({b, i, c}) = largest;
            mean.at<float>({b, i, c}) = static_cast<float>(sum / static_cast<double>(end - begin));
          }
      const PerAxis sizes = static_cast<int>(m);
      EXPECT_TRUE(array_equal(pooled(adaptive_max_pool, x, sizes), most)) << n << " to " << m;
      EXPECT_TRUE(allclose(pooled(adaptive_average_pool, x, sizes), mean, 1e-5, 1e-6)) << n << " to " << m;
    }
}

TEST(AdaptivePooling, AxesArePooledIndependently) {
  const Array x = graph::random::Generator(2).uniform({2, 5, 6, 7, 2}, -1, 1);
  const Array y = pooled(adaptive_max_pool, x, {2, 3, 3});
  ASSERT_EQ(y.shape(), (Shape{2, 2, 3, 3, 2}));
  float largest = -1;
  for (std::int64_t i = 2; i < 5; ++i)
    for (std::int64_t j = 4; j < 6; ++j)
      for (std::int64_t k = 0; k < 3; ++k) largest = std::max(largest, x.at<float>({1, i, j, k, 1}));
  EXPECT_EQ(y.at<float>({1, 1, 2, 0, 1}), largest);
  EXPECT_EQ(pooled(adaptive_average_pool, x.slice(0, 0), 2).shape(), (Shape{0, 2, 2, 2, 2})) << "no rows";
}

TEST(AdaptivePooling, GradientsAreThoseOfItsValues) {
  const Array x = graph::random::Generator(3).uniform({2, 5, 4, 2}, -1, 1);
  for (const auto pool : {adaptive_max_pool, adaptive_average_pool}) {
    const auto report = autodiff::gradient_check(
        [&](const Tensor& t) {
          return square(pool(t, {3, 2}));
        },
        {x}, {.order = 2});
    EXPECT_TRUE(report) << report;
  }
  const graph::Function slope([](const Tensor& t) { return autodiff::gradients(adaptive_max_pool(t, 2), {t})[0]; });
  const Array dx = slope(Array{3.f, 3.f, 5.f}.reshape({1, 3, 1}));
  EXPECT_TRUE(array_equal(dx.flatten(), Array{1.f, 0.f, 1.f})) << "to the first of equal numbers";
}

TEST(AdaptivePooling, ErrorsSayWhatWasExpected) {
  const auto text = [](const Shape& shape, const PerAxis& sizes) {
    return tests::error_text<graph::Error>([&] { pooled(adaptive_max_pool, graph::zeros(shape), sizes); });
  };
  EXPECT_EQ(text({2, 3}, 1), "adaptive_max_pool: expected a tensor of three to five axes, got shape (2, 3)");
  EXPECT_EQ(text({2, 3, 4, 1}, {1, 2, 3}),
            "adaptive_max_pool: expected output_size of at least 1 for each of 2 axes, or one for all, got (1, 2, 3)");
  EXPECT_EQ(text({2, 0, 1}, 1), "adaptive_max_pool: there is nothing to pool in an input of lengths (0,)");
}

}  // namespace
}  // namespace cornu::ops
