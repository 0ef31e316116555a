#include "cornu/keras/layers/preprocessing/random_posterization.h"

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
using tests::picture;
using tests::run_layer;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "RandomPosterization",
       .config = R"({"factor": [3, 6], "value_range": [0.0, 1.0], "data_format": "channels_first", "seed": 3, BASE})",
       .in_keras2 = false,
       .example = {.inputs = {tests::some({3, 3, 5, 4})}, .free_axes = {1, 2, 3}}},
  };
});

TEST(RandomPosterizationTest, KeepsTheBitsThatKerasKeeps) {
  const Array y = run_layer(RandomPosterization({.factor = {3, 3}}), picture(), true).output;
  expect_numbers(y[0][0], {0, 32, 64, 96, 128, 160, 192, 0, 32, 64, 96, 128});
  const Array small =
      run_layer(RandomPosterization({.factor = {2, 2}, .value_range = {0, 1}}), picture() / 255, true).output;
  expect_numbers(small[0][0], {0, 0, 0.25098, 0.25098, 0.501961, 0.501961, 0.752941, 0, 0, 0.25098, 0.25098, 0.501961},
                 1e-7);
  EXPECT_TRUE(array_equal(run_layer(RandomPosterization({.factor = {8, 8}}), picture(), true).output, picture()));
  EXPECT_TRUE(array_equal(run_layer(RandomPosterization(3), picture().astype(uint8)).output, picture().astype(uint8)));
}

// From 1 to below the factor, as Keras draws whole numbers.
TEST(RandomPosterizationTest, EachPictureHasItsNumberOfBits) {
  const RandomPosterization layer(4, {.seed = 2});
  EXPECT_NE(get_config(*layer).find(R"("factor":[1,4])"), std::string::npos) << get_config(*layer);
  const Array y = run_layer(layer, graph::full({64, 1, 1, 1}, 255), true).output;
  int counts[3] = {};
  for (std::int64_t i = 0; i < 64; ++i) {
    const float value = y.data<float>()[i];
    ASSERT_TRUE(value == 128 || value == 192 || value == 224) << value;
    ++counts[value == 128 ? 0 : value == 192 ? 1 : 2];
  }
  for (const int count : counts) EXPECT_GT(count, 5);
}

TEST(RandomPosterizationTest, RefusesBadArguments) {
  EXPECT_EQ(error_text<ValueError>([] { RandomPosterization(9, {.name = "p"}); }),
            "[RandomPosterization \"p\"] expected a factor of one or two whole numbers from 1 to 8, got (9,)");
  EXPECT_EQ(error_text<ValueError>([] { RandomPosterization({.name = "p"}); }),
            "[RandomPosterization \"p\"] expected a factor of one or two whole numbers from 1 to 8, got ()");
}

}  // namespace
}  // namespace cornu::keras::layers
