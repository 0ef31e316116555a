#include "cornu/keras/initializers/random.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/keras_samples.h"

namespace cornu::keras::initializers {
namespace {

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {"initializer", "RandomNormal", R"({"mean": 1.0, "stddev": 2.0, "seed": 3})"},
      {"initializer", "TruncatedNormal", R"({"mean": 1.0, "stddev": 2.0, "seed": 3})"},
      {"initializer", "RandomUniform", R"({"minval": 1.0, "maxval": 2.0, "seed": 3})"},
  };
});

double average(const Array& a) { return graph::mean(a).item<double>(); }
double stddev(const Array& a) { return std::sqrt(graph::mean((a - average(a)) * (a - average(a))).item<double>()); }

TEST(RandomTest, NormalHasItsMeanAndDeviation) {
  graph::random::Generator rng(1);
  const Array x = RandomNormal({.mean = 1, .stddev = 0.5})({100, 200}, rng);
  EXPECT_EQ(x.shape(), (Shape{100, 200}));
  EXPECT_NEAR(average(x), 1, 0.02);
  EXPECT_NEAR(stddev(x), 0.5, 0.02);
  EXPECT_GT(graph::max(x).item<double>(), 1 + 3 * 0.5);
}

TEST(RandomTest, TruncatedNormalStaysWithinTwoDeviations) {
  graph::random::Generator rng(1);
  const Array x = TruncatedNormal({.mean = 1, .stddev = 0.5})({100, 200}, rng);
  EXPECT_NEAR(average(x), 1, 0.02);
  EXPECT_NEAR(stddev(x), 0.5 * 0.8796, 0.02);
  EXPECT_LE(graph::max(graph::abs(x - 1)).item<double>(), 1.0001);
}

TEST(RandomTest, UniformFillsItsInterval) {
  graph::random::Generator rng(1);
  const Array x = RandomUniform({.minval = 2, .maxval = 4})({100, 200}, rng);
  EXPECT_NEAR(average(x), 3, 0.02);
  EXPECT_NEAR(stddev(x), 2 / std::sqrt(12.0), 0.02);
  EXPECT_GE(graph::min(x).item<double>(), 2);
  EXPECT_LE(graph::max(x).item<double>(), 4);
  EXPECT_LT(graph::min(x).item<double>(), 2.01);
}

TEST(RandomTest, ASeedGivesTheSameNumbersAtEachCallAndLeavesTheStreamAlone) {
  graph::random::Generator rng(1), other(1);
  const RandomNormal seeded({.seed = 3}), unseeded;
  EXPECT_TRUE(array_equal(seeded({4}, rng), seeded({4}, rng)));
  EXPECT_EQ(rng.next(), other.next());
  EXPECT_FALSE(array_equal(unseeded({4}, rng), unseeded({4}, rng)));
  EXPECT_FALSE(array_equal(RandomNormal({.seed = 4})({4}, rng), seeded({4}, rng)));
}

}  // namespace
}  // namespace cornu::keras::initializers
