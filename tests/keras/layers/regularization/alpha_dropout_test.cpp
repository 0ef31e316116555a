#include "cornu/keras/layers/regularization/alpha_dropout.h"

#include <gtest/gtest.h>

#include "cornu/graph/array/array_reduction.h"
#include "cornu/graph/array/random.h"
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
       .class_name = "AlphaDropout",
       .config = R"({"rate": 0.25, "noise_shape": [null, 1], "seed": 3, BASE})",
       .example = {.inputs = {tests::some({3, 4, 2})},
                   .config = R"({"rate": 0.25, "seed": 3, BASE})",
                   .free_axes = {1, 2}}},
  };
});

TEST(AlphaDropoutTest, DoesNothingInInference) {
  const Array x = graph::arange(0, 6).reshape({2, 3});
  for (const double rate : {0.5, 1.0}) EXPECT_TRUE(array_equal(run_layer(AlphaDropout(rate), x).output, x));
  EXPECT_TRUE(array_equal(run_layer(AlphaDropout(0), x, true).output, x));
}

TEST(AlphaDropoutTest, MakesTheRateOfThemOneNumber) {
  // By Keras' formula for rate 0.25: a = 0.8672579, b = 0.3811814.
  const double a = 0.8672579, b = 0.3811814, dropped = -1.7580993 * a + b;
  const Array y = run_layer(AlphaDropout(0.25, {.seed = 1}), graph::ones({100, 100}), true).output;
  std::int64_t count = 0;
  for (const float value : y.span<float>()) {
    const bool is_dropped = value < 0;
    count += is_dropped;
    ASSERT_NEAR(value, is_dropped ? dropped : a + b, 1e-6);
  }
  EXPECT_NEAR(static_cast<double>(count), 2500, 150);
}

TEST(AlphaDropoutTest, KeepsMeanAndVariance) {
  const Array x = graph::random::Generator(7).normal({200, 100});
  const Array y = run_layer(AlphaDropout(0.4, {.seed = 1}), x, true).output;
  EXPECT_NEAR(graph::mean(y).item<double>(), graph::mean(x).item<double>(), 0.03);
  EXPECT_NEAR(graph::std(y).item<double>(), graph::std(x).item<double>(), 0.03);
}

TEST(AlphaDropoutTest, NoiseShapeSharesTheMask) {
  const Array y =
      run_layer(AlphaDropout(0.5, {.noise_shape = {kUnknown, 1, 4}, .seed = 1}), graph::ones({5, 3, 4}), true).output;
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(array_equal(y[i][0], y[i][2]));
  EXPECT_FALSE(array_equal(y[0], y[1]));
}

TEST(AlphaDropoutTest, ASeedDropsTheSame) {
  const AlphaDropout a(0.5, {.seed = 1}), b(0.5, {.seed = 1});
  const Array x = graph::ones({8, 8}), first = run_layer(a, x, true).output;
  EXPECT_FALSE(array_equal(run_layer(a, x, true).output, first));
  EXPECT_TRUE(array_equal(run_layer(b, x, true).output, first));
}

TEST(AlphaDropoutTest, RefusesBadArguments) {
  EXPECT_EQ(error_text<ValueError>([] { AlphaDropout(1.5, {.name = "a"}); }),
            "[AlphaDropout \"a\"] expected a rate from 0 to 1, got 1.5");
  EXPECT_EQ(error_text<ValueError>([] {
              run_layer(AlphaDropout(1), graph::ones({2, 3}), true);
            }),
            "[AlphaDropout] nothing is left of mean and variance at rate 1: it cannot train");
  EXPECT_EQ(error_text<ValueError>([] {
              AlphaDropout(0.5, {.noise_shape = {kUnknown, 0}});
            }),
            "[AlphaDropout] expected lengths of at least 1 in noise_shape, got (None, 0)");
  EXPECT_EQ(error_text<ShapeError>([] {
              run_layer(AlphaDropout(0.5, {.noise_shape = {1}}), graph::ones({2, 3}), true);
            }),
            "[AlphaDropout] noise_shape (1,) needs as many axes as the input of shape (2, 3)");
}

}  // namespace
}  // namespace cornu::keras::layers
