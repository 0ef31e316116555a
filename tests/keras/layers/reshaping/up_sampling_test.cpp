#include "cornu/keras/layers/reshaping/up_sampling.h"

#include <gtest/gtest.h>

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
       .class_name = "UpSampling1D",
       .config = R"({"size": 3, BASE})",
       .example = {.inputs = {tests::some({3, 4, 3})}, .free_axes = {1, 2}}},
      {.kind = "layer",
       .class_name = "UpSampling2D",
       .config = R"({"size": [2, 3], "data_format": "channels_first", "interpolation": "bilinear", BASE})",
       .example = {.inputs = {tests::some({3, 1, 3, 4})}, .free_axes = {2, 3}}},
      {.kind = "layer",
       .class_name = "UpSampling3D",
       .config = R"({"size": [1, 3, 2], "data_format": "channels_first", BASE})",
       .example = {.inputs = {tests::some({3, 3, 3, 3, 1})},
                   .config = R"({"size": [1, 3, 2], BASE})",
                   .free_axes = {1, 2, 3}}},
  };
});

TEST(UpSamplingTest, GivesEachElementSeveralTimes) {
  const Array line = Array{{1, 2}, {3, 4}}.reshape({1, 2, 2});
  EXPECT_TRUE(
      array_equal(run_layer(UpSampling1D(), line).output, Array{{1, 2}, {1, 2}, {3, 4}, {3, 4}}.reshape({1, 4, 2})));
  const Array plane = Array{{1.f, 2.f}, {3.f, 4.f}}.reshape({1, 2, 2, 1});
  EXPECT_TRUE(array_equal(run_layer(UpSampling2D({.size = {1, 3}}), plane).output,
                          Array{1.f, 1.f, 1.f, 2.f, 2.f, 2.f, 3.f, 3.f, 3.f, 4.f, 4.f, 4.f}.reshape({1, 2, 6, 1})));
  EXPECT_EQ(run_layer(UpSampling3D(2), graph::ones({1, 1, 2, 3, 2}, int32)).output.shape(), (Shape{1, 2, 4, 6, 2}));
}

TEST(UpSamplingTest, InterpolatesAsKeras) {
  const Array x = graph::arange(0, 12).reshape({1, 3, 4, 1});
  const Array y = run_layer(UpSampling2D({.size = {1, 2}, .interpolation = "LANCZOS3"}), x).output;
  EXPECT_TRUE(allclose(
      y.reshape({3, 8})[0],
      Array{-0.09251436f, 0.14245491f, 0.67560387f, 1.27874076f, 1.72125900f, 2.32439613f, 2.85754490f, 3.09251475f},
      1e-5, 1e-5))
      << y;
}

TEST(UpSamplingTest, RefusesBadArguments) {
  EXPECT_EQ(error_text<ValueError>([] { UpSampling1D(0, {.name = "u"}); }),
            "[UpSampling1D \"u\"] expected size of 1 positive numbers, or one for all, got (0,)");
  EXPECT_EQ(error_text<ValueError>([] { UpSampling2D(2, {.interpolation = "linear", .name = "u"}); }),
            "[UpSampling2D \"u\"] expected interpolation 'nearest', 'bilinear', 'bicubic', 'lanczos3', 'lanczos5' or "
            "'area', got 'linear'");
  EXPECT_EQ(error_text<ShapeError>([] {
              run_layer(UpSampling2D(2, {.interpolation = "bilinear", .name = "u"}), graph::ones({2, 3, 4}));
            }),
            "[UpSampling2D \"u\"] expected an input of 4 axes, got shape (None, 3, 4)");
}

}  // namespace
}  // namespace cornu::keras::layers
