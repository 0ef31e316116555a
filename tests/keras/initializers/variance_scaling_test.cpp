#include "cornu/keras/initializers/variance_scaling.h"

#include <gmock/gmock.h>

#include <cmath>

#include "tests/keras/expect_error.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::initializers {
namespace {

using tests::error_text;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {"initializer", "VarianceScaling",
       R"({"scale": 2.0, "mode": "fan_out", "distribution": "uniform", "seed": 3, "input_axes": [0], "output_axes": [-1]})",
       false},
      {"initializer", "GlorotUniform", R"({"seed": 3, "input_axes": [0], "output_axes": [1, 2]})", false},
      {"initializer", "GlorotNormal", R"({"seed": 3, "input_axes": [0], "output_axes": [1, 2]})", false},
      {"initializer", "HeUniform", R"({"seed": 3, "input_axes": [0], "output_axes": [1, 2]})", false},
      {"initializer", "HeNormal", R"({"seed": 3, "input_axes": [0], "output_axes": [1, 2]})", false},
      {"initializer", "LecunUniform", R"({"seed": 3, "input_axes": [0], "output_axes": [1, 2]})", false},
      {"initializer", "LecunNormal", R"({"seed": 3, "input_axes": [0], "output_axes": [1, 2]})", false},
  };
});

double variance(const Array& a) { return graph::mean(a * a).item<double>(); }

TEST(VarianceScalingTest, FansOfWeights) {
  const auto fans = [](const Shape& shape) { return std::pair(compute_fans(shape).in, compute_fans(shape).out); };
  EXPECT_EQ(fans({}), (std::pair<std::int64_t, std::int64_t>{1, 1}));
  EXPECT_EQ(fans({7}), (std::pair<std::int64_t, std::int64_t>{7, 7}));
  EXPECT_EQ(fans({784, 512}), (std::pair<std::int64_t, std::int64_t>{784, 512}));
  EXPECT_EQ(fans({3, 5, 8, 16}), (std::pair<std::int64_t, std::int64_t>{3 * 5 * 8, 3 * 5 * 16}));
  const Fans named = compute_fans({2, 3, 5}, std::vector<int>{0}, std::vector<int>{1, -1});
  EXPECT_EQ(named.in, 2);
  EXPECT_EQ(named.out, 15);
}

TEST(VarianceScalingTest, VariancesOfTheNamedOnes) {
  graph::random::Generator rng(5);
  const Shape shape{300, 100};  // fan_in 300, fan_out 100
  const auto check = [&](const Initializer& initializer, double expected, double limit) {
    const Array x = initializer(shape, rng);
    EXPECT_EQ(x.shape(), shape);
    EXPECT_NEAR(variance(x) / expected, 1, 0.04) << initializer.class_name();
    EXPECT_NEAR(graph::mean(x).item<double>(), 0, 0.03 * std::sqrt(expected)) << initializer.class_name();
    EXPECT_LE(graph::max(graph::abs(x)).item<double>(), limit * 1.0001) << initializer.class_name();
    EXPECT_GE(graph::max(graph::abs(x)).item<double>(), limit * 0.98) << initializer.class_name();
  };
  const auto truncated = [](double variance) { return 2 * std::sqrt(variance) / 0.87962566103423978; };
  check(GlorotUniform(), 2.0 / 400, std::sqrt(6.0 / 400));
  check(GlorotNormal(), 2.0 / 400, truncated(2.0 / 400));
  check(HeUniform(), 2.0 / 300, std::sqrt(6.0 / 300));
  check(HeNormal(), 2.0 / 300, truncated(2.0 / 300));
  check(LecunUniform(), 1.0 / 300, std::sqrt(3.0 / 300));
  check(LecunNormal(), 1.0 / 300, truncated(1.0 / 300));
  check(VarianceScaling({.scale = 3, .mode = "fan_out", .distribution = "uniform"}), 3.0 / 100, std::sqrt(9.0 / 100));
  const Array normal = VarianceScaling({.distribution = "untruncated_normal"})(shape, rng);
  EXPECT_NEAR(variance(normal) * 300, 1, 0.04);
  EXPECT_GT(graph::max(graph::abs(normal)).item<double>(), 3 / std::sqrt(300.0));
}

TEST(VarianceScalingTest, RefusesWhatKerasRefuses) {
  EXPECT_EQ(error_text<ValueError>([] { VarianceScaling({.scale = 0}); }),
            "initializer VarianceScaling: expected a positive scale, got 0");
  EXPECT_EQ(error_text<ValueError>([] { VarianceScaling({.mode = "fan"}); }),
            "initializer VarianceScaling: expected mode 'fan_in', 'fan_out' or 'fan_avg', got 'fan'");
  EXPECT_EQ(error_text<ValueError>([] { VarianceScaling({.distribution = "cauchy"}); }),
            "initializer VarianceScaling: expected distribution 'truncated_normal', 'untruncated_normal' or 'uniform', "
            "got 'cauchy'");
}

}  // namespace
}  // namespace cornu::keras::initializers
