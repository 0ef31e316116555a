#include "cornu/keras/layers/preprocessing/random_grayscale.h"

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
                                     .class_name = "RandomGrayscale",
                                     .config = R"({"factor": 0.25, "data_format": "channels_first", "seed": 3, BASE})",
                                     .in_keras2 = false,
                                     .example = {.inputs = {tests::some({3, 3, 5, 4})}, .free_axes = {2, 3}}}};
});

TEST(RandomGrayscaleTest, GreyIsThatOfKeras) {
  const Array y = run_layer(RandomGrayscale(1.), picture(), true).output;
  for (int channel = 0; channel < 3; ++channel) EXPECT_NEAR(y.at<float>({0, 0, 0, channel}), 30.155, 1e-3);
  EXPECT_NEAR(y.at<float>({0, 1, 1, 1}), 73.1507, 1e-3);
  const Array whole = run_layer(RandomGrayscale(1.), picture().astype(uint8), true).output;
  EXPECT_EQ(whole.dtype(), uint8);
  EXPECT_EQ(whole.at<std::uint8_t>({0, 1, 1, 2}), 73);
  const Array first =
      run_layer(RandomGrayscale(1., {.data_format = "channels_first"}), tests::first(picture()), true).output;
  EXPECT_TRUE(allclose(tests::last(first), y));
  EXPECT_TRUE(array_equal(run_layer(RandomGrayscale(1.), tests::grey_picture(), true).output, tests::grey_picture()));
}

TEST(RandomGrayscaleTest, WithItsProbability) {
  const Array x = graph::concatenate(std::vector<Array>(64, picture()), 0);
  const Array y = run_layer(RandomGrayscale({.seed = 1}), x, true).output;
  int grey = 0;
  for (std::int64_t i = 0; i < 64; ++i) grey += !array_equal(y[i], x[i]);
  EXPECT_GT(grey, 16);
  EXPECT_LT(grey, 48);
  EXPECT_TRUE(array_equal(run_layer(RandomGrayscale(0.), x, true).output, x));
  EXPECT_TRUE(array_equal(run_layer(RandomGrayscale(1.), x).output, x)) << "not in training";
}

TEST(RandomGrayscaleTest, RefusesBadArguments) {
  EXPECT_EQ(error_text<ValueError>([] { RandomGrayscale(1.5, {.name = "g"}); }),
            "[RandomGrayscale \"g\"] expected a factor from 0 to 1, got 1.5");
}

}  // namespace
}  // namespace cornu::keras::layers
