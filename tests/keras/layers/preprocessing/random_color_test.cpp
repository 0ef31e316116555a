#include "cornu/keras/layers/preprocessing/random_color.h"

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
  cornu::tests::KerasSamples all;
  for (const char* name : {"RandomContrast", "RandomBrightness"})
    all.push_back({.kind = "layer",
                   .class_name = name,
                   .config = R"({"factor": [0.1, 0.25], "value_range": [-1.0, 1.0], "seed": 3,
                                 "data_format": "channels_first", BASE})",
                   .in_keras2 = false,
                   .example = {.inputs = {tests::some({3, 3, 5, 4})}, .free_axes = {1, 2, 3}}});
  return all;
});

TEST(RandomColorTest, BrightnessAddsAShareOfTheRange) {
  const RandomBrightness bright({.factor = {0.1, 0.1}, .value_range = {20, 0}});
  const Array x = Array{0.f, 7.5f, 19.f, 20.f}.reshape({1, 2, 2, 1});
  EXPECT_TRUE(allclose(run_layer(bright, x, true).output, Array{2.f, 9.5f, 20.f, 20.f}.reshape({1, 2, 2, 1})));
  EXPECT_TRUE(array_equal(run_layer(bright, x).output, x)) << "not in training";
  // Whole numbers stay such: 0.1 of 255 is 25.
  const RandomBrightness plain({.factor = {0.1, 0.1}});
  EXPECT_TRUE(array_equal(run_layer(plain, Array{0, 100, 250, 3}.astype(uint8).reshape({2, 2, 1}), true).output,
                          Array{25, 125, 255, 28}.astype(uint8).reshape({2, 2, 1})));
}

TEST(RandomColorTest, EachPictureHasANumberOfItsOwn) {
  const RandomBrightness bright(0.5, {.value_range = {-10, 10}, .seed = 1});
  const Array y = run_layer(bright, graph::zeros({3, 2, 2, 3}), true).output;
  for (std::int64_t i = 0; i < 3; ++i) EXPECT_EQ(graph::max(y[i]).item<float>(), graph::min(y[i]).item<float>());
  EXPECT_NE(y.at<float>({0, 0, 0, 0}), y.at<float>({1, 0, 0, 0}));
}

TEST(RandomColorTest, ContrastMovesChannelsAwayFromTheirMean) {
  const Array x = graph::arange(0, 16).reshape({1, 2, 4, 2});
  for (const char* format : {"channels_last", "channels_first"}) {
    const bool first = std::string(format) == "channels_first";
    const RandomContrast contrast({.factor = {0.5, 0.9}, .value_range = {-100, 100}, .seed = 1, .data_format = format});
    Array y = run_layer(contrast, first ? x.transpose({0, 3, 1, 2}) : x, true).output;
    if (first) y = y.transpose({0, 2, 3, 1});
    const float factor = (y.at<float>({0, 0, 1, 0}) - y.at<float>({0, 0, 0, 0})) / 2;
    EXPECT_GE(factor, 0.5);
    EXPECT_LE(factor, 1.9);
    EXPECT_NE(factor, 1);
    EXPECT_TRUE(
        allclose(y.reshape({8, 2}), (x.reshape({8, 2}) - Array{7.f, 8.f}) * factor + Array{7.f, 8.f}, 1e-4, 1e-4))
        << format << y;
  }
  EXPECT_TRUE(array_equal(run_layer(RandomContrast(0.5), x.astype(int32)).output, x.astype(int32)));
  const Array clipped = run_layer(RandomContrast({.factor = {0, 0.9}, .value_range = {3, 5}}), x, true).output;
  EXPECT_EQ(graph::min(clipped).item<float>(), 3);
  EXPECT_EQ(graph::max(clipped).item<float>(), 5);
}

// A number alone is a file of Keras 2's, where contrasts become lower, too.
TEST(RandomColorTest, ReadsTheFactorsOfBothKerases) {
  EXPECT_NE(get_config(*RandomContrast(0.2)).find(R"("factor":[0.0,0.2])"), std::string::npos);
  EXPECT_NE(get_config(*RandomBrightness(0.2)).find(R"("factor":[-0.2,0.2])"), std::string::npos);
  const auto read = [](const std::string& name) {
    return get_config(*saving::deserialize(
        registry(), R"({"class_name": ")" + name + R"(", "config": {"factor": 0.2}})", saving::KerasVersion::keras2));
  };
  EXPECT_NE(read("RandomContrast").find(R"("factor":[0.2,0.2])"), std::string::npos);
  EXPECT_NE(read("RandomBrightness").find(R"("factor":[-0.2,0.2])"), std::string::npos);
}

TEST(RandomColorTest, FilesOfKeras2HoldWhatItHas) {
  const auto keras2 = [](const auto& layer) { return saving::serialize_config(*layer, saving::KerasVersion::keras2); };
  EXPECT_EQ(keras2(RandomContrast(0.2)).find("value_range"), std::string::npos);
  EXPECT_NE(keras2(RandomBrightness(0.2)).find(R"("value_range":[0.0,255.0])"), std::string::npos);
  EXPECT_EQ(error_text<ValueError>([&] {
              keras2(RandomContrast(0.2, {.value_range = {0, 1}, .name = "c"}));
            }),
            "layer 'c' cannot be saved for Keras 2, which has no argument 'value_range'");
}

TEST(RandomColorTest, RefusesBadArguments) {
  EXPECT_EQ(error_text<ValueError>([] { RandomContrast(-0.1, {.name = "c"}); }),
            "[RandomContrast \"c\"] expected a factor of one or two numbers from 0 to 1, got (-0.1)");
  EXPECT_EQ(error_text<ValueError>([] { RandomBrightness(0.1, {.value_range = {1}, .name = "b"}); }),
            "[RandomBrightness \"b\"] expected a value_range of two numbers, got (1)");
  EXPECT_NO_THROW(RandomContrast({.factor = {0.5, 1.5}})) << "Keras takes it: a part lies within";
}

}  // namespace
}  // namespace cornu::keras::layers
