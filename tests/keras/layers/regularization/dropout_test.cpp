#include "cornu/keras/layers/regularization/dropout.h"

#include <gtest/gtest.h>

#include "cornu/autodiff/gradients.h"
#include "cornu/keras/utils/random_seed.h"
#include "cornu/ops/reduction.h"
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
       .class_name = "Dropout",
       .config = R"({"rate": 0.25, "noise_shape": [null, 1], "seed": 3, BASE})",
       .example = {.inputs = {tests::some({3, 4, 2})},
                   .config = R"({"rate": 0.25, "seed": 3, BASE})",
                   .free_axes = {1, 2}}},
  };
});

TEST(DropoutTest, DoesNothingInInference) {
  const Array x = graph::arange(0, 6).reshape({2, 3});
  EXPECT_TRUE(array_equal(run_layer(Dropout(0.5), x).output, x));
  EXPECT_TRUE(array_equal(run_layer(Dropout(0), x, true).output, x));
}

TEST(DropoutTest, DropsTheRateAndScalesTheRest) {
  const Array y = run_layer(Dropout(0.25, {.seed = 1}), graph::ones({100, 100}), true).output;
  int dropped = 0;
  for (const float value : y.span<float>()) {
    if (value == 0)
      ++dropped;
    else
      ASSERT_NEAR(value, 1 / 0.75, 1e-6);
  }
  EXPECT_NEAR(dropped, 2500, 150);
}

TEST(DropoutTest, EachStepDropsOthersAndASeedTheSame) {
  const Dropout a(0.5, {.seed = 1}), b(0.5, {.seed = 1}), c(0.5, {.seed = 2});
  const Array x = graph::ones({8, 8}), first = run_layer(a, x, true).output;
  EXPECT_FALSE(array_equal(run_layer(a, x, true).output, first));
  EXPECT_TRUE(array_equal(run_layer(b, x, true).output, first));
  EXPECT_FALSE(array_equal(run_layer(c, x, true).output, first));
  utils::set_random_seed(3);
  const Dropout d(0.5);
  utils::set_random_seed(3);
  const Dropout e(0.5);
  EXPECT_TRUE(array_equal(run_layer(d, x, true).output, run_layer(e, x, true).output));
}

TEST(DropoutTest, NoiseShapeSharesTheMask) {
  const Array y =
      run_layer(Dropout(0.5, {.noise_shape = {kUnknown, 1, 4}, .seed = 1}), graph::ones({5, 3, 4}), true).output;
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(array_equal(y[i][0], y[i][2]));
  EXPECT_FALSE(array_equal(y[0], y[1]));
}

TEST(DropoutTest, AllAndTheGradient) {
  const Array x = graph::full({2, 3}, 4);
  const auto gradient = [&](const Dropout& dropout) {
    return Array(Function([&](const Tensor& t) {
      Context ctx(true);
      return autodiff::gradients((*dropout)(t, ctx), {t})[0];
    })(x));
  };
  EXPECT_TRUE(array_equal(run_layer(Dropout(1), x, true).output, graph::zeros({2, 3})));
  EXPECT_TRUE(array_equal(gradient(Dropout(1)), graph::zeros({2, 3})));
  const Dropout half(0.5, {.seed = 5});
  const Array g = gradient(half);  // takes no update: the next call drops the same
  EXPECT_TRUE(array_equal(g * 4, run_layer(half, x, true).output));
}

TEST(DropoutTest, RefusesBadArguments) {
  EXPECT_EQ(error_text<ValueError>([] { Dropout(1.5, {.name = "d"}); }),
            "[Dropout \"d\"] expected a rate from 0 to 1, got 1.5");
  EXPECT_EQ(error_text<ValueError>([] {
              Dropout(0.5, {.noise_shape = {kUnknown, 0}});
            }),
            "[Dropout] expected lengths of at least 1 in noise_shape, got (None, 0)");
  EXPECT_EQ(error_text<ShapeError>([] {
              run_layer(Dropout(0.5, {.noise_shape = {1}}), graph::ones({2, 3}), true);
            }),
            "[Dropout] noise_shape (1,) needs as many axes as the input of shape (2, 3)");
}

}  // namespace
}  // namespace cornu::keras::layers
