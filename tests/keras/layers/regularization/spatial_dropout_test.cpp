#include "cornu/keras/layers/regularization/spatial_dropout.h"

#include <gmock/gmock.h>

#include "cornu/graph/array/array_reduction.h"
#include "cornu/keras/saving/config_json.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/keras/layers/run_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using saving::KerasVersion;
using tests::error_text;
using tests::run_layer;

// Files do not say whether these layers are trainable: here stands the default.
const std::string kBase = R"("name": "n", "trainable": true, "dtype": "float32", "batch_input_shape": [4, 6, null])";
const std::string kExample = R"({"rate": 0.25, "seed": 3, BASE})";

const bool samples = cornu::tests::register_keras_samples([] {
  const std::string of_pictures = R"({"rate": 0.25, "data_format": "channels_first", "seed": 3, )" + kBase + "}";
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "SpatialDropout1D",
       .config = R"({"rate": 0.25, "seed": 3, )" + kBase + "}",
       .example = {.inputs = {tests::some({3, 4, 2})}, .config = kExample, .free_axes = {1, 2}}},
      {.kind = "layer",
       .class_name = "SpatialDropout2D",
       .config = of_pictures,
       .example = {.inputs = {tests::some({3, 4, 3, 2})}, .config = kExample, .free_axes = {1, 2, 3}}},
      {.kind = "layer",
       .class_name = "SpatialDropout3D",
       .config = of_pictures,
       .example = {.inputs = {tests::some({3, 4, 3, 4, 2})}, .config = kExample, .free_axes = {1, 2, 3, 4}}}};
});

TEST(SpatialDropoutTest, DoesNothingInInference) {
  const Array x = graph::arange(0, 24).reshape({2, 3, 4});
  EXPECT_TRUE(array_equal(run_layer(SpatialDropout1D(0.5), x).output, x));
  EXPECT_TRUE(array_equal(run_layer(SpatialDropout1D(0), x, true).output, x));
  EXPECT_TRUE(array_equal(run_layer(SpatialDropout1D(1), x, true).output, graph::zeros({2, 3, 4})));
}

/// Of a mask over ones: each channel is 0 everywhere or 1 / (1 - rate) everywhere, and the rate of them is 0.
void expect_whole_channels(const Shared<Layer>& layer, const Shape& shape, const std::vector<int>& spatial,
                           double rate) {
  const Array y = run_layer(layer, graph::ones(shape), true).output;
  ASSERT_EQ(y.shape(), shape);
  const Array low = graph::min(y, spatial), high = graph::max(y, spatial);
  EXPECT_TRUE(array_equal(low, high)) << layer->class_name();
  std::int64_t dropped = 0;
  for (const float value : low.span<float>()) {
    dropped += value == 0;
    ASSERT_NEAR(value, value == 0 ? 0 : 1 / (1 - rate), 1e-6);
  }
  EXPECT_NEAR(static_cast<double>(dropped) / static_cast<double>(low.size()), rate, 0.03) << layer->class_name();
}

TEST(SpatialDropoutTest, DropsWholeChannelsOfEachSample) {
  expect_whole_channels(SpatialDropout1D(0.25, {.seed = 1}), {60, 3, 50}, {1}, 0.25);
  expect_whole_channels(SpatialDropout2D(0.4, {.seed = 1}), {60, 2, 3, 50}, {1, 2}, 0.4);
  expect_whole_channels(SpatialDropout2D(0.4, "channels_first", {.seed = 1}), {60, 50, 2, 3}, {2, 3}, 0.4);
  expect_whole_channels(SpatialDropout3D(0.25, {.seed = 1}), {60, 2, 3, 2, 50}, {1, 2, 3}, 0.25);
  expect_whole_channels(SpatialDropout3D(0.25, "channels_first", {.seed = 1}), {60, 50, 2, 3, 2}, {2, 3, 4}, 0.25);
}

TEST(SpatialDropoutTest, EachStepDropsOthersAndASeedTheSame) {
  const SpatialDropout1D a(0.5, {.seed = 1}), b(0.5, {.seed = 1});
  const Array x = graph::ones({8, 2, 8}), first = run_layer(a, x, true).output;
  EXPECT_FALSE(array_equal(run_layer(a, x, true).output, first));
  EXPECT_TRUE(array_equal(run_layer(b, x, true).output, first));
  EXPECT_FALSE(array_equal(first[0], first[1])) << "samples have masks of their own";
}

TEST(SpatialDropoutTest, FilesHoldWhatTheConstructorsTake) {
  for (const auto version : {KerasVersion::keras2, KerasVersion::keras3})
    EXPECT_THAT(saving::serialize(*SpatialDropout2D(0.5, {.trainable = false}), version),
                testing::AllOf(testing::Not(testing::HasSubstr("trainable")), testing::HasSubstr(R"("rate":0.5)"),
                               testing::HasSubstr(R"("data_format":"channels_last")")));
  // As Keras 2.15 writes it.
  const auto read = saving::deserialize(
      registry(),
      R"({"class_name": "SpatialDropout2D", "config": {"name": "s", "trainable": false, "dtype": "float32", "rate": 0.5, "noise_shape": null, "seed": null}})",
      KerasVersion::keras2);
  EXPECT_TRUE(same_config(*read, *SpatialDropout2D(0.5, {.name = "s", .trainable = false})));
}

TEST(SpatialDropoutTest, RefusesBadArgumentsAndInputs) {
  EXPECT_EQ(error_text<ValueError>([] { SpatialDropout1D(1.5, {.name = "s"}); }),
            "[SpatialDropout1D \"s\"] expected a rate from 0 to 1, got 1.5");
  EXPECT_EQ(error_text<ValueError>([] { SpatialDropout2D(0.5, "channels"); }),
            "[SpatialDropout2D] expected data_format 'channels_last' or 'channels_first', got 'channels'");
  EXPECT_EQ(error_text<ShapeError>([] {
              run_layer(SpatialDropout1D(0.5), graph::ones({2, 3}));
            }),
            "[SpatialDropout1D] expected an input of 3 axes, got shape (None, 3)");
  EXPECT_EQ(error_text<ShapeError>([] {
              run_layer(SpatialDropout3D(0.5), graph::ones({2, 3, 4, 5}));
            }),
            "[SpatialDropout3D] expected an input of 5 axes, got shape (None, 3, 4, 5)");
}

}  // namespace
}  // namespace cornu::keras::layers
