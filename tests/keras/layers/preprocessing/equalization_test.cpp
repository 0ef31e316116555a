#include "cornu/keras/layers/preprocessing/equalization.h"

#include <gtest/gtest.h>

#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/keras/layers/preprocessing/picture.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::error_text;
using tests::expect_numbers;
using tests::picture;
using tests::run_layer;

// One color a channel, which training leaves as it is, too: Keras 3.15 drops the layer from graphs of layers, since
// what it gives there is the very tensor that it was given.
Array colors() { return Array{0.1f, 0.4f, 0.8f}.reshape({1, 3, 1, 1}) + graph::zeros({3, 3, 5, 4}); }

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "Equalization",
       .config = R"({"value_range": [0.0, 1.0], "bins": 16, "data_format": "channels_first", BASE})",
       .in_keras2 = false,
       .example = {.inputs = {colors()}, .free_axes = {1, 2, 3}}}};
});

TEST(EqualizationTest, SpreadsAsKerasDoes) {
  const std::initializer_list<double> want{0,   34,  68,  119, 153, 187, 238, 0,   34,  85,  119, 153,
                                           204, 238, 0,   51,  85,  119, 170, 204, 238, 17,  51,  85,
                                           136, 170, 204, 255, 17,  51,  102, 136, 170, 221, 255, 17,
                                           68,  102, 136, 187, 221, 255, 34,  68,  102, 153, 187, 221};
  expect_numbers(run_layer(Equalization(), picture(), true).output, want, 0);
  const Equalization first({.data_format = "channels_first"});
  expect_numbers(tests::last(run_layer(first, tests::first(picture()), true).output), want, 0);
  expect_numbers(run_layer(Equalization(), picture().astype(uint8)[0], true).output, want, 0);
  expect_numbers(run_layer(Equalization({.value_range = {0, 1}, .bins = 16}), picture() / 255, true).output,
                 {0,        0.141176, 0.286275,  0.427451, 0.572549, 0.713726, 1,        0,        0.141176, 0.286275,
                  0.427451, 0.572549, 0.858824,  1,        0,        0.141176, 0.286275, 0.427451, 0.713726, 0.858824,
                  1,        0,        0.141176,  0.286275, 0.572549, 0.713726, 0.858824, 1,        0,        0.141176,
                  0.356863, 0.501961, 0.643137,  0.858824, 1,        0,        0.215686, 0.356863, 0.501961, 0.713726,
                  0.858824, 1,        0.0705882, 0.215686, 0.356863, 0.572549, 0.713726, 0.858824},
                 1e-6);
}

TEST(EqualizationTest, OneColorAndInferenceLeaveItAsItIs) {
  const Array x = graph::concatenate({graph::full({2, 3, 3, 1}, 77.5), tests::some({2, 3, 3, 1}) * 100 + 100}, 3);
  const Array y = run_layer(Equalization(), x, true).output;
  EXPECT_EQ(y.at<float>({1, 2, 2, 0}), 77.5);
  EXPECT_NE(y.at<float>({1, 2, 2, 1}), x.at<float>({1, 2, 2, 1}));
  EXPECT_TRUE(array_equal(run_layer(Equalization(), x).output, x));
  EXPECT_EQ(run_layer(Equalization(), graph::zeros({0, 3, 3, 2}), true).output.shape(), (Shape{0, 3, 3, 2}));
}

TEST(EqualizationTest, RefusesBadArguments) {
  EXPECT_EQ(error_text<ValueError>([] { Equalization({.bins = 0, .name = "e"}); }),
            "[Equalization \"e\"] expected a positive number of bins, got 0");
}

}  // namespace
}  // namespace cornu::keras::layers
