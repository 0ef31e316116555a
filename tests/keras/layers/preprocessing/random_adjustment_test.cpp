#include "cornu/keras/layers/preprocessing/random_adjustment.h"

#include <gtest/gtest.h>

#include "cornu/keras/saving/config_json.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/keras/layers/preprocessing/picture.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::error_text;
using tests::expect_numbers;
using tests::first;
using tests::last;
using tests::picture;
using tests::run_layer;

const bool samples = cornu::tests::register_keras_samples([] {
  cornu::tests::KerasSamples all;
  for (const char* name : {"RandomHue", "RandomSaturation", "RandomColorDegeneration", "RandomSharpness"})
    all.push_back({.kind = "layer",
                   .class_name = name,
                   .config = R"({"factor": [0.1, 0.25], "value_range": [0.0, 1.0], "data_format": "channels_first",
                                 "seed": 3, BASE})",
                   .in_keras2 = false,
                   .example = {.inputs = {tests::some({3, 3, 5, 4})}, .free_axes = {2, 3}}});
  return all;
});

// What Keras gives where both bounds are the same number.
TEST(RandomAdjustmentTest, SaturationIsThatOfKeras) {
  expect_numbers(run_layer(RandomSaturation({.factor = {0.3, 0.3}}), picture(), true).output,
                 {42.2857, 58.1429, 74,      153.286, 169.143, 185, 222,     128.143, 144, 119.286, 135.143, 151,
                  209.143, 225,     131.143, 85.2857, 101.143, 117, 196.286, 212.143, 228, 51.2857, 67.1429, 83,
                  162.286, 178.143, 194,     231,     137.143, 153, 128.286, 144.143, 160, 218.143, 234,     140.143,
                  94.2857, 110.143, 126,     205.286, 221.143, 237, 60.2857, 76.1428, 92,  171.286, 187.143, 203});
  const Array grey = run_layer(RandomSaturation({.factor = {0, 0}}), picture(), true).output;
  EXPECT_EQ(grey.at<float>({0, 0, 0, 0}), 74) << "the largest of 0, 37 and 74";
  EXPECT_EQ(grey.at<float>({0, 0, 0, 1}), 74);
}

TEST(RandomAdjustmentTest, HuesAreTurnedEitherWay) {
  const std::vector<double> up{51.8, 0, 74, 162.8, 111, 185, 215.2, 222, 3},
      down{0, 74, 22.2, 111, 185, 133.2, 141.2, 3, 222};
  bool either[2] = {false, false};
  const RandomHue hue({.factor = {0.4, 0.4}, .seed = 1});
  const Array y = run_layer(hue, graph::concatenate(std::vector<Array>(12, picture()), 0), true).output;
  for (std::int64_t i = 0; i < 12; ++i) {
    const float* got = y[i].data<float>();
    const bool turned_up = got[0] > 1;
    either[turned_up] = true;
    for (std::size_t k = 0; k < up.size(); ++k) EXPECT_NEAR(got[k], (turned_up ? up : down)[k], 2e-3) << i << " " << k;
  }
  EXPECT_TRUE(either[0] && either[1]);
}

TEST(RandomAdjustmentTest, DegenerationIsThatOfKeras) {
  const Array y = run_layer(RandomColorDegeneration({.factor = {0.5, 0.5}}), picture(), true).output;
  expect_numbers(y[0][0], {15.0775, 33.5775, 52.0775, 126.072, 144.572, 163.072, 147.338, 37.8384, 56.3384, 92.0737,
                           110.574, 129.074});
}

TEST(RandomAdjustmentTest, SharpnessIsThatOfKeras) {
  expect_numbers(
      run_layer(RandomSharpness({.factor = {0.9, 0.9}}), picture(), true).output,
      {0,       27.3385, 91.4769, 128.292, 187.877, 247.462, 255,     0,       12.6769, 91.2154, 155.354, 203.738,
       249.477, 255,     0,       0,       64.2461, 117,     169.754, 238.262, 255,     0,       27.7231, 87.3077,
       137.415, 197,     255,     255,     0,       1.73847, 70.2461, 123,     175.754, 255,     255,     0,
       45.9692, 110.108, 158.492, 212.046, 255,     255,     0,       36.8461, 96.4308, 173.985, 222.369, 255});
  const Array same = run_layer(RandomSharpness({.factor = {0.5, 0.5}}), picture(), true).output;
  EXPECT_TRUE(allclose(same, picture(), 1e-5, 1e-3));
}

TEST(RandomAdjustmentTest, ChannelsFirstSinglePicturesAndWholeNumbers) {
  for (const char* name : {"RandomHue", "RandomSaturation", "RandomColorDegeneration", "RandomSharpness"}) {
    SCOPED_TRACE(name);
    const auto make = [&](const std::string& format) {
      return saving::deserialize(registry(), std::string(R"({"class_name": ")") + name +
                                                 R"(", "config": {"factor": [0.3, 0.4], "seed": 5, "data_format": ")" +
                                                 format + R"("}})");
    };
    const Array want = run_layer(make("channels_last"), picture(), true).output;
    EXPECT_TRUE(allclose(last(run_layer(make("channels_first"), first(picture()), true).output), want, 1e-5, 1e-3));
    EXPECT_TRUE(array_equal(run_layer(make("channels_last"), picture()[0], true).output, want[0]));
    EXPECT_TRUE(array_equal(run_layer(make("channels_last"), picture().astype(uint8), true).output, want));
    EXPECT_TRUE(array_equal(run_layer(make("channels_last"), picture()).output, picture())) << "not in training";
  }
}

TEST(RandomAdjustmentTest, FactorsAreThoseOfKeras) {
  EXPECT_NE(get_config(*RandomHue(0.2)).find(R"("factor":[0.0,0.2])"), std::string::npos);
  EXPECT_NE(get_config(*RandomSaturation(0.2)).find(R"("factor":[-0.2,0.2])"), std::string::npos);
  EXPECT_NE(get_config(*RandomColorDegeneration(0.2)).find(R"("factor":[-0.2,0.2])"), std::string::npos);
  EXPECT_NE(get_config(*RandomSharpness(0.2)).find(R"("factor":[0.0,0.2])"), std::string::npos);
}

TEST(RandomAdjustmentTest, RefusesBadArguments) {
  EXPECT_EQ(error_text<ValueError>([] { RandomHue(-0.1, {.name = "h"}); }),
            "[RandomHue \"h\"] expected a factor of one or two numbers from 0 to 1, got (-0.1)");
  EXPECT_EQ(error_text<ValueError>([] { RandomSharpness(0.1, {.value_range = {1}, .name = "s"}); }),
            "[RandomSharpness \"s\"] expected a value_range of two numbers, got (1)");
  EXPECT_EQ(error_text<ShapeError>([] {
              run_layer(RandomHue(0.1, {.name = "h"}), graph::zeros({1, 2, 2, 4}), true);
            }),
            "[RandomHue \"h\"] rgb_to_hsv: expected three channels, got shape (1, 2, 2, 4)");
}

}  // namespace
}  // namespace cornu::keras::layers
