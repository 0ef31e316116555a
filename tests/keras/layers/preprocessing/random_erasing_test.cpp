#include "cornu/keras/layers/preprocessing/random_erasing.h"

#include <gtest/gtest.h>

#include "cornu/keras/saving/config_json.h"
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
       .class_name = "RandomErasing",
       .config = R"({"factor": [0.5, 0.75], "scale": [0.1, 0.2], "fill_value": [1.0, 2.0, 3.0],
                     "value_range": [0.0, 1.0], "seed": 3, "data_format": "channels_first", BASE})",
       .in_keras2 = false,
       .example = {.inputs = {tests::some({3, 3, 5, 4})}, .free_axes = {2, 3}}},
  };
});

// Which pixels of a picture (height, width, 1) are not 1.
std::vector<std::array<std::int64_t, 2>> changed(const Array& picture) {
  std::vector<std::array<std::int64_t, 2>> places;
  for (std::int64_t i = 0; i < picture.size(); ++i)
    if (picture.data<float>()[i] != 1) places.push_back({i / picture.shape()[1], i % picture.shape()[1]});
  return places;
}

TEST(RandomErasingTest, FillsARectangle) {
  const RandomErasing erase({.factor = {1, 1}, .scale = {0.25, 0.25}, .fill_value = 7, .seed = 1});
  const Array y = run_layer(erase, graph::ones({8, 10, 12, 1}), true).output;
  for (std::int64_t image = 0; image < 8; ++image) {
    const auto places = changed(y[image]);
    ASSERT_FALSE(places.empty());
    const std::int64_t rows = places.back()[0] - places.front()[0] + 1,
                       columns = places.back()[1] - places.front()[1] + 1;
    EXPECT_EQ(rows * columns, static_cast<std::int64_t>(places.size()));
    EXPECT_TRUE(rows == 5 || rows == 4) << rows;  // half of each side
    EXPECT_TRUE(columns == 6 || columns == 5) << columns;
    EXPECT_EQ(graph::max(y[image]).item<float>(), 7);
  }
  EXPECT_FALSE(changed(y[0]) == changed(y[1]) && changed(y[1]) == changed(y[2]));
}

TEST(RandomErasingTest, WithItsProbability) {
  const RandomErasing erase({.factor = {0.5, 0.5}, .scale = {0.5, 0.5}, .fill_value = 0, .seed = 1});
  const Array y = run_layer(erase, graph::ones({64, 4, 4, 1}), true).output;
  int count = 0;
  for (std::int64_t i = 0; i < 64; ++i) count += !changed(y[i]).empty();
  EXPECT_GT(count, 16);
  EXPECT_LT(count, 48);
  const Array x = graph::ones({2, 4, 4, 1});
  EXPECT_TRUE(array_equal(run_layer(RandomErasing(0.), x, true).output, x));
  EXPECT_TRUE(array_equal(run_layer(RandomErasing(), x.astype(uint8)).output, x)) << "not in training";
}

TEST(RandomErasingTest, FillsInNoiseOrAColor) {
  const Array x = graph::full({1, 4, 4, 3}, 0.5);
  const Array noise =
      run_layer(RandomErasing({.factor = {1, 1}, .scale = {1, 1}, .value_range = {0, 1}, .seed = 2}), x, true).output;
  EXPECT_GE(graph::min(noise).item<float>(), 0);
  EXPECT_LE(graph::max(noise).item<float>(), 1);
  EXPECT_NE(noise.at<float>({0, 0, 0, 0}), 0.5);
  for (const char* format : {"channels_last", "channels_first"}) {
    const bool first = std::string(format) == "channels_first";
    const RandomErasing erase({.factor = {1, 1}, .scale = {1, 1}, .fill_value = {1, 2, 300}, .data_format = format});
    Array y = run_layer(erase, first ? x.transpose({0, 3, 1, 2}) : x, true).output;
    if (first) y = y.transpose({0, 2, 3, 1});
    EXPECT_TRUE(array_equal(y.reshape({16, 3})[5], Array{1.f, 2.f, 255.f})) << y;
  }
  EXPECT_EQ(run_layer(RandomErasing({.seed = 1}), x[0], true).output.shape(), (Shape{4, 4, 3}));
}

TEST(RandomErasingTest, RefusesBadArguments) {
  EXPECT_EQ(error_text<ValueError>([] { RandomErasing(1.5, {.name = "e"}); }),
            "[RandomErasing \"e\"] expected a factor of one or two numbers from 0 to 1, got (1.5)");
  EXPECT_EQ(error_text<ValueError>([] {
              RandomErasing({.fill_value = {1, 2}, .name = "e"});
            }),
            "[RandomErasing \"e\"] expected a fill_value of one or three numbers, got 2");
  EXPECT_EQ(error_text<ValueError>([] {
              RandomErasing({.value_range = {1, 2, 3}, .name = "e"});
            }),
            "[RandomErasing \"e\"] expected a value_range of two numbers, got (1, 2, 3)");
  EXPECT_EQ(
      error_text<ValueError>([] { saving::serialize(*RandomErasing({.name = "e"}), saving::KerasVersion::keras2); }),
      "layer 'e' cannot be saved for Keras 2, which does not have it");
}

}  // namespace
}  // namespace cornu::keras::layers
