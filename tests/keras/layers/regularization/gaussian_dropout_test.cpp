#include "cornu/keras/layers/regularization/gaussian_dropout.h"

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
       .class_name = "GaussianDropout",
       .config = R"({"rate": 0.25, "seed": 3, BASE})",
       .example = {.inputs = {tests::some({3, 4, 2})}, .free_axes = {1, 2}}},
  };
});

TEST(GaussianDropoutTest, DoesNothingInInference) {
  const Array x = graph::arange(0, 6).reshape({2, 3});
  for (const double rate : {0.5, 1.0}) EXPECT_TRUE(array_equal(run_layer(GaussianDropout(rate), x).output, x));
  EXPECT_TRUE(array_equal(run_layer(GaussianDropout(0), x, true).output, x));
}

TEST(GaussianDropoutTest, MultipliesByNormalNumbersAroundOne) {
  const Array y = run_layer(GaussianDropout(0.2, {.seed = 1}), graph::full({100, 100}, 4), true).output;
  EXPECT_NEAR(graph::mean(y).item<double>(), 4, 0.08);
  EXPECT_NEAR(graph::std(y).item<double>(), 4 * 0.5, 0.06) << "sqrt(0.2 / 0.8)";
  EXPECT_TRUE(array_equal(run_layer(GaussianDropout(0.2), graph::zeros({2, 3}), true).output, graph::zeros({2, 3})));
}

TEST(GaussianDropoutTest, EachStepHasOtherNoiseAndASeedTheSame) {
  const GaussianDropout a(0.5, {.seed = 1}), b(0.5, {.seed = 1});
  const Array x = graph::ones({8, 8}), first = run_layer(a, x, true).output;
  EXPECT_FALSE(array_equal(run_layer(a, x, true).output, first));
  EXPECT_TRUE(array_equal(run_layer(b, x, true).output, first));
}

TEST(GaussianDropoutTest, RefusesOtherRates) {
  EXPECT_EQ(error_text<ValueError>([] { GaussianDropout(1.5, {.name = "g"}); }),
            "[GaussianDropout \"g\"] expected a rate from 0 to 1, got 1.5");
  EXPECT_EQ(error_text<ValueError>([] {
              run_layer(GaussianDropout(1), graph::ones({2, 3}), true);
            }),
            "[GaussianDropout] the noise of rate 1 is infinite: it cannot train");
}

}  // namespace
}  // namespace cornu::keras::layers
