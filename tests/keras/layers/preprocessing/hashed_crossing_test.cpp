#include "cornu/keras/layers/preprocessing/hashed_crossing.h"

#include <gmock/gmock.h>

#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/models/model.h"
#include "cornu/keras/saving/config_json.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::error_text;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{{.kind = "layer",
                                     .class_name = "HashedCrossing",
                                     .config = R"({"num_bins": 7, "output_mode": "one_hot", "sparse": false, BASE})",
                                     .example = {.inputs = {Array{{1}, {2}, {3}}, Array{{101}, {101}, {102}}},
                                                 .mask = cornu::tests::LayerExample::Mask::none}}};
});

const Array kA = Array{1, 2, -3, 0}, kB = Array{101, 101, 101, 0};

TEST(HashedCrossingTest, BinsAreThoseOfKeras) {
  const Array y = HashedCrossing(1000)({kA, kB});
  EXPECT_EQ(y.dtype(), int64);
  EXPECT_TRUE(array_equal(y, Array{870, 838, 721, 304}.astype(int64)));
  EXPECT_TRUE(
      array_equal(HashedCrossing(3, {.output_mode = "one_hot"})({kA.reshape({4, 1}), kB.reshape({4, 1})}).slice(0, 3),
                  Array{{0.f, 0.f, 1.f}, {0.f, 1.f, 0.f}, {1.f, 0.f, 0.f}}));
  const auto a = Input({.shape = {1}, .dtype = "int32"}), b = Input({.shape = {1}, .dtype = "int32"});
  const models::Model model({a, b}, HashedCrossing(1000)({a, b}));
  EXPECT_TRUE(array_equal(model.predict({kA.reshape({4, 1}), kB.reshape({4, 1})})[0], y.reshape({4, 1})));
}

TEST(HashedCrossingTest, ItsDtypeIsThatOfTheBins) {
  const HashedCrossing layer(5, {.name = "h"});
  const std::string json = saving::serialize(*layer, saving::KerasVersion::keras3);
  EXPECT_THAT(json, testing::HasSubstr("int64"));
  const Shared<Layer> read = saving::deserialize(registry(), json);
  EXPECT_EQ(read({kA, kB}).dtype(), int64);
  EXPECT_EQ(HashedCrossing(5, {.dtype = "int32"})({kA, kB}).dtype(), int32);
  EXPECT_EQ(HashedCrossing(5, {.dtype = "float32"})({kA, kB}).dtype(), float32);
}

TEST(HashedCrossingTest, ErrorsSayWhatWasExpected) {
  EXPECT_EQ(error_text<ValueError>([] { HashedCrossing({.name = "h"}); }),
            "[HashedCrossing \"h\"] expected num_bins of at least 1, got 0");
  EXPECT_EQ(error_text<ValueError>([] { HashedCrossing(3, {.output_mode = "count", .name = "h"}); }),
            "[HashedCrossing \"h\"] expected an output_mode among 'int', 'one_hot', got 'count'");
  EXPECT_EQ(error_text<ValueError>([] { HashedCrossing(3, {.output_mode = "one_hot", .sparse = true, .name = "h"}); }),
            "[HashedCrossing \"h\"] sparse = true is not supported: there are no sparse tensors");
  EXPECT_EQ(error_text<ValueError>([] { HashedCrossing(3, {.name = "h", .dtype = "int8"}); }),
            "[HashedCrossing \"h\"] expected dtype int32 or int64, or a policy, got 'int8'");
  const HashedCrossing layer(3, {.name = "h"});
  EXPECT_EQ(error_text<ValueError>([&] { HashedCrossing(3, {.name = "h"})(kA); }),
            "[HashedCrossing \"h\"] expected at least two inputs, got 1");
  EXPECT_EQ(error_text<ShapeError>([&] {
              HashedCrossing(3, {.name = "h"})({graph::zeros({2, 3}, int32), graph::zeros({2, 3}, int32)});
            }),
            "[HashedCrossing \"h\"] expected inputs of shape (batch,) or (batch, 1), got (None, 3)");
  EXPECT_EQ(error_text<TypeError>([&] {
              HashedCrossing(3, {.name = "h"})({kA, kB.astype(float32)});
            }),
            "[HashedCrossing \"h\"] cross_hashed: expected integers, got float32");
}

}  // namespace
}  // namespace cornu::keras::layers
