#include "cornu/keras/layers/preprocessing/random_flip.h"

#include <gtest/gtest.h>

#include "cornu/keras/saving/config_json.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/keras/layers/run_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::run_layer;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "RandomFlip",
       .config = R"({"mode": "vertical", "seed": 3, "data_format": "channels_first", BASE})",
       .in_keras2 = false,
       .example = {.inputs = {tests::some({3, 3, 5, 4})}, .free_axes = {1, 2, 3}}},
  };
});

// Rows of pictures with two by two pixels, as they come out.
int flipped(const Array& y, const Array& picture, const Array& other) {
  int count = 0;
  for (std::int64_t i = 0; i < y.shape()[0]; ++i) {
    const Array one = y[i].reshape({4});
    EXPECT_TRUE(array_equal(one, picture) || array_equal(one, other)) << one;
    count += array_equal(one, other);
  }
  return count;
}

TEST(RandomFlipTest, TurnsEveryOtherPictureOver) {
  const Array picture{1.f, 2.f, 3.f, 4.f};
  Array x = graph::zeros({64, 2, 2, 1});
  for (std::int64_t i = 0; i < 64; ++i) x[i].assign(picture.reshape({2, 2, 1}));
  const auto run = [&](const std::string& mode, const Array& input) {
    return run_layer(RandomFlip(mode, {.seed = 1}), input, true).output;
  };
  for (const auto& [mode, other] :
       {std::pair{"horizontal", Array{2.f, 1.f, 4.f, 3.f}}, std::pair{"vertical", Array{3.f, 4.f, 1.f, 2.f}},
        std::pair{"horizontal_and_vertical", Array{4.f, 3.f, 2.f, 1.f}}}) {
    const int count = flipped(run(mode, x), picture, other);
    EXPECT_GT(count, 16) << mode;
    EXPECT_LT(count, 48) << mode;
  }
  EXPECT_EQ(run("vertical", x[0]).shape(), (Shape{2, 2, 1}));
  EXPECT_TRUE(array_equal(run_layer(RandomFlip(), x.astype(int32)).output, x)) << "not in training";
}

TEST(RandomFlipTest, ChannelsFirst) {
  const RandomFlip flip({.mode = "horizontal", .seed = 5, .data_format = "channels_first"}),
      last({.mode = "horizontal", .seed = 5});
  const Array x = tests::some({16, 2, 3, 4});
  EXPECT_TRUE(array_equal(run_layer(flip, x, true).output,
                          run_layer(last, x.transpose({0, 2, 3, 1}), true).output.transpose({0, 3, 1, 2})));
}

TEST(RandomFlipTest, EachStepFlipsOthersAndASeedTheSame) {
  const RandomFlip a({.seed = 1}), b({.seed = 1});
  const Array x = tests::some({32, 2, 2, 1}), first = run_layer(a, x, true).output;
  EXPECT_FALSE(array_equal(run_layer(a, x, true).output, first));
  EXPECT_TRUE(array_equal(run_layer(b, x, true).output, first));
}

TEST(RandomFlipTest, Keras2HasNoDataFormat) {
  const std::string config = saving::serialize_config(*RandomFlip(), saving::KerasVersion::keras2);
  EXPECT_EQ(config.find("data_format"), std::string::npos) << config;
}

TEST(RandomFlipTest, RefusesAnotherMode) {
  EXPECT_EQ(tests::error_text<ValueError>([] { RandomFlip("both", {.name = "f"}); }),
            "[RandomFlip \"f\"] expected mode 'horizontal', 'vertical' or 'horizontal_and_vertical', got 'both'");
}

}  // namespace
}  // namespace cornu::keras::layers
