#include "cornu/keras/layers/preprocessing/random_gaussian_blur.h"

#include <gtest/gtest.h>

#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/keras/layers/preprocessing/picture.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::error_text;
using tests::grey_picture;
using tests::picture;
using tests::run_layer;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{{.kind = "layer",
                                     .class_name = "RandomGaussianBlur",
                                     .config = R"({"factor": [0.25, 0.5], "kernel_size": [3, 5], "sigma": [0.1, 0.2],
                                                   "value_range": [0.0, 1.0], "data_format": "channels_first",
                                                   "seed": 3, BASE})",
                                     .in_keras2 = false,
                                     .example = {.inputs = {tests::some({3, 3, 5, 4})}, .free_axes = {1, 2, 3}}}};
});

TEST(RandomGaussianBlurTest, BlursAsKerasDoes) {
  const auto make = [](const char* format) {
    return RandomGaussianBlur({.factor = {1, 1}, .sigma = {0.8, 0.8}, .data_format = format});
  };
  tests::expect_numbers(run_layer(make("channels_last"), grey_picture(), true).output,
                        {39.7587, 82.8423, 106.131, 58.5974, 91.0991, 121.498, 122.062, 73.4412, 103.227, 137.879,
                         117.938, 91.4517, 62.6706, 93.7352, 76.51, 66.887});
  const Array y = run_layer(make("channels_last"), picture(), true).output;
  EXPECT_TRUE(allclose(tests::last(run_layer(make("channels_first"), tests::first(picture()), true).output), y));
  EXPECT_TRUE(array_equal(run_layer(make("channels_last"), picture().astype(uint8)[0], true).output, y[0]));
  EXPECT_TRUE(array_equal(run_layer(make("channels_last"), picture()).output, picture())) << "not in training";
}

TEST(RandomGaussianBlurTest, WithItsProbability) {
  const Array x = graph::concatenate(std::vector<Array>(64, picture()), 0);
  const Array y = run_layer(RandomGaussianBlur({.factor = {0.5, 0.5}, .sigma = {0.5, 1}, .seed = 1}), x, true).output;
  int blurred = 0;
  for (std::int64_t i = 0; i < 64; ++i) blurred += !array_equal(y[i], x[i]);
  EXPECT_GT(blurred, 16);
  EXPECT_LT(blurred, 48);
}

TEST(RandomGaussianBlurTest, RefusesBadArguments) {
  EXPECT_EQ(error_text<ValueError>([] {
              RandomGaussianBlur(0.5, {.kernel_size = {3, 4}, .name = "b"});
            }),
            "[RandomGaussianBlur \"b\"] expected a kernel_size of odd numbers, got (3, 4)");
  EXPECT_EQ(error_text<ValueError>([] { RandomGaussianBlur(0.5, {.sigma = 2, .name = "b"}); }),
            "[RandomGaussianBlur \"b\"] expected a sigma of one or two numbers from 0 to 1, got (2)");
}

}  // namespace
}  // namespace cornu::keras::layers
