#include "cornu/keras/layers/preprocessing/random_affine.h"

#include <gtest/gtest.h>

#include "cornu/autodiff/gradients.h"
#include "cornu/keras/saving/config_json.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/keras/layers/preprocessing/picture.h"
#include "tests/keras/layers/run_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::error_text;
using tests::run_layer;

const bool samples = cornu::tests::register_keras_samples([] {
  cornu::tests::KerasSamples all;
  const std::string rest = R"("fill_mode": "constant", "interpolation": "nearest", "seed": 3, "fill_value": 0.5,
                              "data_format": "channels_first", BASE})";
  for (const auto& [name, factors] :
       {std::pair{"RandomRotation", R"("factor": [-0.1, 0.2], )"},
        std::pair{"RandomZoom", R"("height_factor": [-0.1, 0.2], "width_factor": 0.3, )"},
        std::pair{"RandomTranslation", R"("height_factor": 0.25, "width_factor": [0.1, 0.2], )"}})
    all.push_back({.kind = "layer",
                   .class_name = name,
                   .config = std::string("{") + factors + rest,
                   .in_keras2 = false,
                   .example = {.inputs = {tests::some({3, 3, 5, 4})}, .free_axes = {1, 2, 3}}});
  all.push_back({.kind = "layer",
                 .class_name = "RandomShear",
                 .config = R"({"x_factor": 0.25, "y_factor": [0.1, 0.2], "interpolation": "nearest",
                               "fill_mode": "constant", "fill_value": 0.5, "data_format": "channels_first", "seed": 3,
                               BASE})",
                 .in_keras2 = false,
                 .example = {.inputs = {tests::some({3, 3, 5, 4})}, .free_axes = {1, 2, 3}}});
  return all;
});

const Array kPicture = graph::arange(0, 16).reshape({1, 4, 4, 1});

void expect(const Shared<Layer>& layer, std::vector<double> want) {
  const Array y = run_layer(layer, kPicture, true).output;
  Array wanted = graph::empty({1, 4, 4, 1});
  std::copy(want.begin(), want.end(), wanted.data<float>());
  EXPECT_TRUE(allclose(y, wanted, 1e-5, 1e-5)) << y;
}

// What Keras gives where both bounds are the same number.
TEST(RandomAffineTest, GivesTheNumbersOfKeras) {
  expect(RandomRotation({.factor = {0.25, 0.25}, .fill_mode = "constant"}),
         {3, 7, 11, 15, 2, 6, 10, 14, 1, 5, 9, 13, 0, 4, 8, 12});
  expect(RandomRotation({.factor = {0.125, 0.125}, .fill_mode = "constant"}),
         {0.56802, 2.550253, 6.085787, 3.408118, 1.136039, 4.671573, 8.207106, 11.74264, 3.25736, 6.792894, 10.32843,
          13.86396, 2.272078, 8.914214, 12.44975, 5.112177});
  expect(RandomZoom({.height_factor = {0.5, 0.5}, .width_factor = {-0.5, -0.5}, .fill_mode = "constant"}),
         {0.1875, 0.3125, 0.4375, 0.5625, 3.75, 4.25, 4.75, 5.25, 9.75, 10.25, 10.75, 11.25, 3.1875, 3.3125, 3.4375,
          3.5625});
  expect(RandomTranslation(
             {.height_factor = {0.25, 0.25}, .width_factor = {-0.5, -0.5}, .fill_mode = "constant", .fill_value = 7}),
         {7, 7, 7, 7, 2, 3, 7, 7, 6, 7, 7, 7, 10, 11, 7, 7});
  expect(RandomTranslation({.height_factor = {0.3, 0.3}, .width_factor = {0.1, 0.1}}),
         {0.8, 1.4, 2.4, 3.4, 0, 0.6, 1.6, 2.6, 3.2, 3.8, 4.8, 5.8, 7.2, 7.8, 8.8, 9.8});
}

// As Keras does for both signs, of which each picture has one for both directions.
TEST(RandomAffineTest, ShearsEitherWay) {
  const RandomShear shear({.x_factor = {0.3, 0.3}, .y_factor = {0.2, 0.2}, .fill_mode = "constant", .seed = 1});
  const Array x = graph::concatenate(std::vector<Array>(12, tests::grey_picture()), 0);
  const Array y = run_layer(shear, x, true).output;
  const std::vector<double> right{0, 97.4, 194.8, 36.2, 144.5, 98.54, 114.02, 85.26},
      left{0, 88.8, 133.2, 30.8, 131.6, 84.74, 147.9, 93.3};
  int rights = 0;
  for (std::int64_t i = 0; i < 12; ++i) {
    const float* got = y[i].data<float>();
    const bool to_right = got[1] > 93;
    rights += to_right;
    for (std::size_t k = 0; k < right.size(); ++k) EXPECT_NEAR(got[k], (to_right ? right : left)[k], 1e-3) << i << k;
  }
  EXPECT_GT(rights, 0);
  EXPECT_LT(rights, 12);
}

// Keras writes (-f, f) for a number f, and does not read that again.
TEST(RandomAffineTest, ShearReadsWhatKerasWrites) {
  EXPECT_NE(get_config(*RandomShear(0.3)).find(R"("x_factor":0.3)"), std::string::npos);
  const auto read = saving::deserialize(
      registry(), R"({"class_name": "RandomShear", "config": {"x_factor": [-0.3, 0.3], "y_factor": [-0.0, 0.0]}})");
  EXPECT_NE(get_config(*read).find(R"("x_factor":0.3)"), std::string::npos) << get_config(*read);
  EXPECT_EQ(error_text<ValueError>([] {
              RandomShear({.x_factor = {-0.3, 0.2}, .name = "s"});
            }),
            "[RandomShear \"s\"] expected a x_factor of one or two numbers from 0 to 1, got (-0.3, 0.2)");
}

TEST(RandomAffineTest, EachPictureMovesByItself) {
  const Array x = graph::concatenate({kPicture, kPicture, kPicture}, 0);
  const RandomTranslation a(0.4, 0.4, {.seed = 1}), b(0.4, 0.4, {.seed = 1});
  const Array y = run_layer(a, x, true).output;
  EXPECT_FALSE(array_equal(y[0], y[1]));
  EXPECT_TRUE(array_equal(run_layer(b, x, true).output, y));
  EXPECT_FALSE(array_equal(run_layer(a, x, true).output, y));
  EXPECT_TRUE(array_equal(run_layer(a, x.astype(uint8)).output, x)) << "not in training";
}

TEST(RandomAffineTest, ZoomKeepsTheProportionsUnlessTheWidthHasAFactor) {
  const auto scales = [&](const RandomZoom& zoom) {
    Array x = graph::zeros({1, 3, 3, 1});  // a slope in each direction, seen at the edges
    for (std::int64_t i = 0; i < 9; ++i) x.data<float>()[i] = static_cast<float>(i / 3 * 100 + i % 3);
    const Array y = run_layer(zoom, x, true).output;
    const float* v = y.data<float>();
    return std::pair{(v[7] - v[1]) / 200, (v[5] - v[3]) / 2};
  };
  const auto [down, across] = scales(RandomZoom({.height_factor = {-0.5, -0.1}, .seed = 3}));
  EXPECT_NEAR(down, across, 1e-4);
  EXPECT_LT(down, 0.91);
  const auto [high, wide] = scales(RandomZoom({.height_factor = {-0.5, -0.4}, .width_factor = {-0.2, -0.1}}));
  EXPECT_LT(high, 0.61);
  EXPECT_GT(wide, 0.79);
}

TEST(RandomAffineTest, ChannelsFirstAndSinglePictures) {
  const RandomRotation first({.factor = 0.2, .seed = 5, .data_format = "channels_first"}), last(0.2, {.seed = 5});
  const Array x = tests::some({3, 2, 4, 5});
  EXPECT_TRUE(allclose(run_layer(first, x, true).output,
                       run_layer(last, x.transpose({0, 2, 3, 1}), true).output.transpose({0, 3, 1, 2})));
  EXPECT_EQ(run_layer(last, x[0], true).output.shape(), (Shape{2, 4, 5}));
}

TEST(RandomAffineTest, FactorsAreWrittenAsInKeras) {
  EXPECT_NE(get_config(*RandomRotation(0.2)).find(R"("factor":[-0.2,0.2])"), std::string::npos);
  const std::string zoom = get_config(*RandomZoom(0.2));
  EXPECT_NE(zoom.find(R"("height_factor":0.2)"), std::string::npos) << zoom;
  EXPECT_NE(zoom.find(R"("width_factor":null)"), std::string::npos) << zoom;
  const std::string keras2 = saving::serialize_config(*RandomZoom(0.2), saving::KerasVersion::keras2);
  EXPECT_EQ(keras2.find("data_format"), std::string::npos) << keras2;
}

TEST(RandomAffineTest, RefusesBadArguments) {
  EXPECT_EQ(error_text<ValueError>([] { RandomRotation({.name = "r"}); }),
            "[RandomRotation \"r\"] expected a factor of one or two numbers from -1 to 1, got none");
  EXPECT_EQ(error_text<ValueError>([] {
              RandomTranslation({.height_factor = {0.1, 0.2, 0.3}, .width_factor = 0, .name = "t"});
            }),
            "[RandomTranslation \"t\"] expected a height_factor of one or two numbers from -1 to 1, got (0.1, 0.2, "
            "0.3)");
  EXPECT_EQ(error_text<ValueError>([] { RandomTranslation(0.1, 1.5, {.name = "t"}); }),
            "[RandomTranslation \"t\"] expected a width_factor of one or two numbers from -1 to 1, got (1.5)");
  EXPECT_EQ(error_text<ValueError>([] { RandomZoom(-1., {.name = "z"}); }),
            "[RandomZoom \"z\"] expected a height_factor above -1, got -1");
  EXPECT_EQ(error_text<ValueError>([] { RandomZoom(0.1, {.fill_mode = "mirror", .name = "z"}); }),
            "[RandomZoom \"z\"] expected fill_mode 'constant', 'nearest', 'reflect' or 'wrap', got 'mirror'");
  EXPECT_EQ(error_text<ValueError>([] { RandomZoom(0.1, {.interpolation = "bicubic", .name = "z"}); }),
            "[RandomZoom \"z\"] expected interpolation 'bilinear' or 'nearest', got 'bicubic'");
}

}  // namespace
}  // namespace cornu::keras::layers
