#include "cornu/keras/layers/preprocessing/random_elastic_transform.h"

#include <gtest/gtest.h>

#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/keras/layers/preprocessing/picture.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::error_text;
using tests::run_layer;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "RandomElasticTransform",
       .config = R"({"factor": [0.25, 0.5], "scale": [0.5, 0.75], "interpolation": "nearest", "fill_mode": "constant",
                     "fill_value": 0.5, "value_range": [0.0, 1.0], "seed": 3, "data_format": "channels_first", BASE})",
       .in_keras2 = false,
       .example = {.inputs = {tests::some({3, 3, 5, 4})}, .free_axes = {1, 2, 3}}}};
});

TEST(RandomElasticTransformTest, PixelsComeFromNearby) {
  const auto make = [](const char* format) {
    return RandomElasticTransform({.factor = {1, 1}, .scale = {1, 1}, .seed = 1, .data_format = format});
  };
  // The color says the column.
  const Array x = graph::arange(0, 40).reshape({1, 1, 40, 1}) + graph::zeros({3, 40, 40, 2});
  const Array y = run_layer(make("channels_last"), x, true).output;
  const double far = graph::max(abs(y - x)).item<double>();
  EXPECT_GT(far, 0.5);
  EXPECT_LT(far, 20);
  EXPECT_GE(graph::min(y).item<float>(), 0);
  EXPECT_LE(graph::max(y).item<float>(), 39.001);
  EXPECT_FALSE(array_equal(y[0], y[1])) << "each picture in its way";
  EXPECT_TRUE(allclose(tests::last(run_layer(make("channels_first"), tests::first(x), true).output), y));
  EXPECT_TRUE(array_equal(run_layer(make("channels_last"), x).output, x)) << "not in training";
  EXPECT_TRUE(array_equal(run_layer(RandomElasticTransform(1., 0.), x, true).output, x));
  EXPECT_TRUE(array_equal(run_layer(RandomElasticTransform(0., 1.), x, true).output, x));
  EXPECT_EQ(run_layer(make("channels_last"), x[0].astype(uint8), true).output.spec(),
            (graph::Spec{float32, {40, 40, 2}}));
}

TEST(RandomElasticTransformTest, RefusesBadArguments) {
  EXPECT_EQ(error_text<ValueError>([] { RandomElasticTransform({.fill_mode = "edge", .name = "e"}); }),
            "[RandomElasticTransform \"e\"] expected fill_mode 'constant', 'nearest', 'reflect', 'mirror' or 'wrap', "
            "got 'edge'");
  EXPECT_EQ(error_text<ValueError>([] { RandomElasticTransform(0.5, 2., {.name = "e"}); }),
            "[RandomElasticTransform \"e\"] expected a scale of one or two numbers from 0 to 1, got (2)");
}

}  // namespace
}  // namespace cornu::keras::layers
