#include "cornu/keras/layers/preprocessing/random_crop.h"

#include <gtest/gtest.h>

#include <set>

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
       .class_name = "RandomCrop",
       .config = R"({"height": 4, "width": 3, "seed": 3, "data_format": "channels_first", BASE})",
       .in_keras2 = false,
       .example = {.inputs = {tests::some({3, 3, 4, 3})}, .free_axes = {1}}},
  };
});

TEST(RandomCropTest, CutsTheSamePartOutOfAllOfABatch) {
  const RandomCrop crop(2, 3, {.seed = 1});
  Array x = graph::arange(0, 20).reshape({1, 4, 5, 1});
  x = graph::concatenate({x, x + 100}, 0);
  std::set<float> corners;
  for (int step = 0; step < 60; ++step) {
    const Array y = run_layer(crop, x, true).output;
    ASSERT_EQ(y.shape(), (Shape{2, 2, 3, 1}));
    const float corner = y.at<float>({0, 0, 0, 0});
    corners.insert(corner);
    EXPECT_TRUE(array_equal(y[0].reshape({2, 3}), Array{{0.f, 1.f, 2.f}, {5.f, 6.f, 7.f}} + corner));
    EXPECT_TRUE(array_equal(y[1], y[0] + 100));
  }
  EXPECT_EQ(corners, (std::set<float>{0, 1, 2, 5, 6, 7, 10, 11, 12}));
}

TEST(RandomCropTest, ChannelsFirstAndSinglePictures) {
  const RandomCrop crop(2, 2, {.seed = 1, .data_format = "channels_first"});
  EXPECT_EQ(run_layer(crop, graph::ones({3, 1, 4, 5}), true).output.shape(), (Shape{3, 1, 2, 2}));
  EXPECT_EQ(run_layer(RandomCrop(2, 2), graph::ones({4, 5, 3}), true).output.shape(), (Shape{2, 2, 3}));
}

TEST(RandomCropTest, SmallPicturesAreResized) {
  const Array x = graph::arange(0, 6).reshape({1, 2, 3, 1});
  const Array y = run_layer(RandomCrop(2, 2), x, true).output;  // as high as it should be: the middle part
  EXPECT_TRUE(array_equal(y, Array{0.f, 1.f, 3.f, 4.f}.reshape({1, 2, 2, 1}))) << y;
  EXPECT_EQ(run_layer(RandomCrop(5, 4), x, true).output.shape(), (Shape{1, 5, 4, 1}));
}

// As in Keras: what follows in a model is built for the cut pictures.
TEST(RandomCropTest, OutsideOfTrainingPicturesStayAndTheirShapeIsTheCutOnes) {
  const Array x = graph::arange(0, 6).reshape({1, 2, 3, 1});
  EXPECT_TRUE(array_equal(run_layer(RandomCrop(1, 2), x.astype(int32)).output, x));
  EXPECT_EQ(RandomCrop(1, 2)->compute_output_shape({kUnknown, 2, 3, 1}), (Shape{kUnknown, 1, 2, 1}));
}

TEST(RandomCropTest, RefusesWhatCannotBe) {
  EXPECT_EQ(error_text<ValueError>([] { RandomCrop(2, -1, {.name = "c"}); }),
            "[RandomCrop \"c\"] expected a positive height and width, got 2 and -1");
  EXPECT_EQ(
      error_text<ValueError>([] { saving::serialize(*RandomCrop(2, 2, {.name = "c"}), saving::KerasVersion::keras2); }),
      "layer 'c' cannot be saved for Keras 2, which has no RandomCrop that leaves pictures as they are outside of "
      "training");
}

}  // namespace
}  // namespace cornu::keras::layers
