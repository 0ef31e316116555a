// Numbers are those of Keras 3.15.
#include "cornu/keras/layers/activations/relu.h"

#include <gtest/gtest.h>

#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::call_layer;
using tests::error_text;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "ReLU",
       .config = R"({"max_value": 2.5, "negative_slope": 0.5, "threshold": 0.25, BASE})",
       .example = {.inputs = {graph::arange(-2.875, 3, 0.25).reshape({3, 4, 2})}, .free_axes = {1, 2}}},
  };
});

TEST(ReLULayerTest, CutsNegativeNumbersOff) {
  const Array x{{-1.f, 0.f, 2.f, 7.f}};
  EXPECT_TRUE(array_equal(call_layer(ReLU(), {x}).output(), Array{{0.f, 0.f, 2.f, 7.f}}));
  EXPECT_TRUE(array_equal(call_layer(ReLU(6), {x}).output(), Array{{0.f, 0.f, 2.f, 6.f}}));
  EXPECT_TRUE(array_equal(call_layer(ReLU(6., 0.5), {x}).output(), Array{{-0.5f, 0.f, 2.f, 6.f}}));
}

TEST(ReLULayerTest, HasASlopeBelowAThreshold) {
  const Array x{{0.144164f, -1.27936f, 0.361914f, 0.940702f, 1.22696f, 0.24867f}};
  const ReLU layer({.max_value = 1, .negative_slope = 0.1, .threshold = 0.3});
  EXPECT_TRUE(allclose(call_layer(layer, {x}).output(),
                       Array{{-0.0155836f, -0.157936f, 0.361914f, 0.940702f, 1.f, -0.00513297f}}));
}

TEST(ReLULayerTest, RefusesNegativeArguments) {
  EXPECT_EQ(error_text<ValueError>([] { ReLU({.max_value = -1, .name = "r"}); }),
            "[ReLU \"r\"] expected a max_value of at least 0, got -1");
  EXPECT_EQ(error_text<ValueError>([] { ReLU({.negative_slope = -0.5}); }),
            "[ReLU] expected a negative_slope of at least 0, got -0.5");
  EXPECT_EQ(error_text<ValueError>([] { ReLU({.threshold = -2}); }),
            "[ReLU] expected a threshold of at least 0, got -2");
}

}  // namespace
}  // namespace cornu::keras::layers
