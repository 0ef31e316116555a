#include "cornu/keras/layers/preprocessing/random_invert.h"

#include <gtest/gtest.h>

#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/keras/layers/preprocessing/picture.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::error_text;
using tests::picture;
using tests::run_layer;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{{.kind = "layer",
                                     .class_name = "RandomInvert",
                                     .config = R"({"factor": [0.25, 0.5], "value_range": [0.0, 1.0], "seed": 3,
                                                   "data_format": "channels_first", BASE})",
                                     .in_keras2 = false,
                                     .example = {.inputs = {tests::some({3, 3, 5, 4})}, .free_axes = {1, 2, 3}}}};
});

TEST(RandomInvertTest, MakesNegatives) {
  const RandomInvert always({.factor = {1, 1}});
  EXPECT_TRUE(array_equal(run_layer(always, picture(), true).output, 255.f - picture()));
  EXPECT_TRUE(array_equal(run_layer(always, picture().astype(uint8), true).output, 255.f - picture()));
  EXPECT_TRUE(array_equal(run_layer(always, picture()).output, picture())) << "not in training";
  EXPECT_TRUE(array_equal(run_layer(RandomInvert(0.), picture(), true).output, picture()));
  const Array x = graph::zeros({64, 1, 1, 1});
  const double share =
      graph::mean(run_layer(RandomInvert({.factor = {0.5, 0.5}, .value_range = {0, 1}, .seed = 1}), x, true).output)
          .item<double>();
  EXPECT_GT(share, 0.25);
  EXPECT_LT(share, 0.75);
}

TEST(RandomInvertTest, RefusesBadArguments) {
  EXPECT_EQ(error_text<ValueError>([] { RandomInvert(2., {.name = "i"}); }),
            "[RandomInvert \"i\"] expected a factor of one or two numbers from 0 to 1, got (2)");
}

}  // namespace
}  // namespace cornu::keras::layers
