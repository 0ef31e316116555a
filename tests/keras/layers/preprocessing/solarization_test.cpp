#include "cornu/keras/layers/preprocessing/solarization.h"

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
                                     .class_name = "Solarization",
                                     .config = R"({"addition_factor": [0.1, 0.2], "threshold_factor": [0.3, 0.5],
                                                   "value_range": [0.0, 1.0], "seed": 3,
                                                   "data_format": "channels_first", BASE})",
                                     .in_keras2 = false,
                                     .example = {.inputs = {tests::some({3, 3, 5, 4})}, .free_axes = {1, 2, 3}}}};
});

TEST(SolarizationTest, WithoutFactorsAllIsTurnedAround) {
  EXPECT_TRUE(array_equal(run_layer(Solarization(), picture(), true).output, 255.f - picture()));
  EXPECT_TRUE(allclose(run_layer(Solarization({.value_range = {0, 300}}), picture(), true).output, 300.f - picture(),
                       1e-5, 1e-3));
  EXPECT_TRUE(array_equal(run_layer(Solarization(), picture().astype(uint8)).output, picture())) << "not in training";
}

TEST(SolarizationTest, PixelsBelowTheThresholdStay) {
  const Array x = graph::arange(0, 256).reshape({1, 16, 16, 1});
  const Array y = run_layer(Solarization({.threshold_factor = {0.2, 0.8}, .seed = 3}), x, true).output;
  bool turned = false;
  for (std::int64_t i = 0; i < 256; ++i) {
    const float value = y.data<float>()[i];
    turned = turned || value != static_cast<float>(i);
    EXPECT_EQ(value, static_cast<float>(turned ? 255 - i : i)) << i;
  }
  EXPECT_TRUE(turned);
  const Array brighter =
      run_layer(Solarization({.addition_factor = 0.5, .threshold_factor = {1, 1}, .seed = 3}), x, true).output;
  EXPECT_GE(graph::min(brighter).item<float>(), 0);
  EXPECT_LE(graph::max(brighter).item<float>(), 255);
}

TEST(SolarizationTest, RefusesBadArguments) {
  EXPECT_EQ(error_text<ValueError>([] { Solarization(0.1, 1.5, {.name = "s"}); }),
            "[Solarization \"s\"] expected a threshold_factor of one or two numbers from 0 to 1, got (1.5)");
}

}  // namespace
}  // namespace cornu::keras::layers
