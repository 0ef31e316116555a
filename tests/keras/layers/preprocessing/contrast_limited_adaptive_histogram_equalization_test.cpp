#include "cornu/keras/layers/preprocessing/contrast_limited_adaptive_histogram_equalization.h"

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
using Clahe = ContrastLimitedAdaptiveHistogramEqualization;

// In the middle between whole numbers, at which it jumps.
Array smooth() {
  Array x = graph::empty({3, 3, 5, 4});
  for (std::int64_t i = 0; i < x.size(); ++i) x.data<float>()[i] = static_cast<float>(i * 71 % 9) + 0.5f;
  return x;
}

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "ContrastLimitedAdaptiveHistogramEqualization",
       .config = R"({"value_range": [0.0, 1.0], "clip_limit": 2.0, "tile_grid_size": [3, 2],
                     "data_format": "channels_first", BASE})",
       .in_keras2 = false,
       .example = {.inputs = {smooth()},
                   .config = R"({"value_range": [0.0, 255.0], "tile_grid_size": [3, 2],
                                 "data_format": "channels_first", BASE})",
                   .free_axes = {1, 2, 3}}}};
});

TEST(ContrastLimitedAdaptiveHistogramEqualizationTest, GivesTheNumbersOfKeras) {
  const std::initializer_list<double> want{
      0,       38.678,  77.356,  113.82,  150.713, 189.391, 223.824, 4.81132, 41.4898, 80.1679, 118.846, 153.525,
      191.202, 226.882, 9.62264, 45.0075, 82.9797, 121.658, 155.551, 193.015, 229.694, 12.4345, 51.1125, 85.7915,
      121.43,  159.148, 195.827, 232.326, 13.2468, 49.9253, 86.9408, 124.282, 160.961, 198.639, 235.317, 16.0586,
      52.7371, 91.4151, 126.094, 164.772, 203.45,  238.129, 18.8704, 55.5489, 92.2274, 132.905, 167.584, 206.262};
  expect_numbers(run_layer(Clahe({.tile_grid_size = {2, 2}}), picture()).output, want);
  expect_numbers(run_layer(Clahe({.tile_grid_size = {2, 2}}), picture()[0], true).output, want);
  const Clahe first({.tile_grid_size = 2, .data_format = "channels_first"});
  expect_numbers(tests::last(run_layer(first, tests::first(picture())).output), want);
  const Array whole = run_layer(Clahe({.tile_grid_size = {2, 2}}), picture().astype(uint8)).output;
  EXPECT_EQ(whole.dtype(), uint8);
  EXPECT_TRUE(array_equal(whole[0][0][1], Array{113, 150, 189}.astype(uint8))) << whole;
}

// The grid does not divide five rows and three columns: they are reflected.
TEST(ContrastLimitedAdaptiveHistogramEqualizationTest, ReflectsAtTheEdges) {
  Array x = graph::empty({1, 5, 3, 2});
  for (std::int64_t i = 0; i < 30; ++i) x.data<float>()[i] = static_cast<float>(i * 37 % 256);
  expect_numbers(run_layer(Clahe({.clip_limit = 1.5, .tile_grid_size = {2, 2}}), x).output,
                 {0,       38.6939, 76.337,  114.582, 149.018, 186.103, 222.976, 4.39393, 41.8341, 80.2819,
                  115.071, 152.253, 188.157, 225.75,  7.08579, 45.5663, 80.9512, 118.2,   153.673, 191.382,
                  228.717, 10.2352, 46.5553, 83.794,  119.06,  156.748, 193.995, 231.612, 12.527,  49.6882});
  EXPECT_EQ(run_layer(Clahe(), graph::ones({2, 3, 3, 1})).output.shape(), (Shape{2, 3, 3, 1}))
      << "more tiles than pixels";
}

TEST(ContrastLimitedAdaptiveHistogramEqualizationTest, RefusesBadArguments) {
  EXPECT_EQ(
      error_text<ValueError>([] {
        Clahe({.tile_grid_size = {2, 0}, .name = "c"});
      }),
      "[ContrastLimitedAdaptiveHistogramEqualization \"c\"] expected tile_grid_size of 2 positive numbers, or one "
      "for all, got (2, 0)");
  EXPECT_EQ(
      error_text<ShapeError>([] {
        run_layer(Clahe({.name = "c"}), graph::zeros({1, 0, 3, 1}));
      }),
      "[ContrastLimitedAdaptiveHistogramEqualization \"c\"] expected pictures that are not empty, got shape (None, "
      "0, 3, 1)");
}

}  // namespace
}  // namespace cornu::keras::layers
