#include "cornu/keras/layers/regularization/gaussian_noise.h"

#include <gtest/gtest.h>

#include "cornu/graph/array/array_reduction.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/keras/layers/run_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::error_text;
using tests::run_layer;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "GaussianNoise",
       .config = R"({"stddev": 0.25, "seed": 3, BASE})",
       .example = {.inputs = {tests::some({3, 4, 2})}, .free_axes = {1, 2}}},
  };
});

TEST(GaussianNoiseTest, DoesNothingInInference) {
  const Array x = graph::arange(0, 6).reshape({2, 3});
  EXPECT_TRUE(array_equal(run_layer(GaussianNoise(0.5), x).output, x));
  EXPECT_TRUE(array_equal(run_layer(GaussianNoise(0), x, true).output, x));
}

TEST(GaussianNoiseTest, AddsNormalNumbers) {
  const Array x = graph::arange(0, 10000).reshape({100, 100}) / 1000;
  const Array noise = run_layer(GaussianNoise(0.5, {.seed = 1}), x, true).output - x;
  EXPECT_NEAR(graph::mean(noise).item<double>(), 0, 0.02);
  EXPECT_NEAR(graph::std(noise).item<double>(), 0.5, 0.02);
  std::int64_t within = 0;
  for (const float value : noise.span<float>()) within += std::abs(value) < 0.5f;
  EXPECT_NEAR(static_cast<double>(within) / 10000, 0.6827, 0.02) << "within one deviation";
}

TEST(GaussianNoiseTest, EachStepAddsOthersAndASeedTheSame) {
  const GaussianNoise a(0.5, {.seed = 1}), b(0.5, {.seed = 1}), c(0.5, {.seed = 2});
  const Array x = graph::ones({8, 8}), first = run_layer(a, x, true).output;
  EXPECT_FALSE(array_equal(run_layer(a, x, true).output, first));
  EXPECT_TRUE(array_equal(run_layer(b, x, true).output, first));
  EXPECT_FALSE(array_equal(run_layer(c, x, true).output, first));
}

TEST(GaussianNoiseTest, IsOfTheComputeDtype) {
  const Array y = run_layer(GaussianNoise(0.5, {.dtype = "mixed_bfloat16"}), graph::ones({2, 3}), true).output;
  EXPECT_EQ(y.dtype(), bfloat16);
}

TEST(GaussianNoiseTest, RefusesOtherDeviations) {
  EXPECT_EQ(error_text<ValueError>([] { GaussianNoise(1.5, {.name = "g"}); }),
            "[GaussianNoise \"g\"] expected a stddev from 0 to 1, got 1.5");
  EXPECT_EQ(error_text<ValueError>([] { GaussianNoise(-1); }), "[GaussianNoise] expected a stddev from 0 to 1, got -1");
}

}  // namespace
}  // namespace cornu::keras::layers
