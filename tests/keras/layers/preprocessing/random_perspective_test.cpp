#include "cornu/keras/layers/preprocessing/random_perspective.h"

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
                                     .class_name = "RandomPerspective",
                                     .config = R"({"factor": [0.25, 0.5], "scale": 0.5, "interpolation": "nearest",
                                                   "fill_value": 0.5, "seed": 3, "data_format": "channels_first", BASE})",
                                     .in_keras2 = false,
                                     .example = {.inputs = {tests::some({3, 3, 5, 4})}, .free_axes = {1, 2, 3}}}};
});

TEST(RandomPerspectiveTest, MovesCornersButTheFirst) {
  const auto make = [](const char* format) {
    return RandomPerspective({.factor = {1, 1}, .scale = 0.5, .fill_value = 300, .seed = 1, .data_format = format});
  };
  const Array x = graph::concatenate(std::vector<Array>(8, picture()), 0);
  const Array y = run_layer(make("channels_last"), x, true).output;
  bool filled = false;
  for (std::int64_t i = 0; i < 8; ++i) {
    EXPECT_NEAR(y.at<float>({i, 0, 0, 1}), 37, 1e-3) << "as Keras, which multiplies the corner (0, 0)";
    EXPECT_FALSE(allclose(y[i], x[i]));
    filled = filled || graph::max(y[i]).item<float>() > 256;
  }
  EXPECT_TRUE(filled);
  EXPECT_FALSE(array_equal(y[0], y[1]));
  EXPECT_TRUE(allclose(tests::last(run_layer(make("channels_first"), tests::first(x), true).output), y));
  EXPECT_TRUE(array_equal(run_layer(make("channels_last"), x[0].astype(uint8), true).output.reshape(x[0].shape()),
                          run_layer(make("channels_last"), picture(), true).output[0]));
  EXPECT_TRUE(array_equal(run_layer(make("channels_last"), x).output, x)) << "not in training";
  EXPECT_TRUE(allclose(run_layer(RandomPerspective({.factor = {1, 1}, .scale = 0}), x, true).output, x, 1e-4, 1e-2));
  EXPECT_TRUE(array_equal(run_layer(RandomPerspective(0.), x, true).output, x));
}

TEST(RandomPerspectiveTest, RefusesBadArguments) {
  EXPECT_EQ(error_text<ValueError>([] { RandomPerspective(1., 1.5, {.name = "p"}); }),
            "[RandomPerspective \"p\"] expected a scale from 0 to 1, got 1.5");
  EXPECT_EQ(error_text<ValueError>([] { RandomPerspective({.interpolation = "cubic", .name = "p"}); }),
            "[RandomPerspective \"p\"] expected interpolation 'bilinear' or 'nearest', got 'cubic'");
}

}  // namespace
}  // namespace cornu::keras::layers
