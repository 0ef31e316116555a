#include "cornu/keras/layers/preprocessing/hashing.h"

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
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "Hashing",
       .config =
           R"({"num_bins": 7, "mask_value": 3, "salt": [133, 137], "output_mode": "count", "sparse": false, BASE})",
       .example = {.inputs = {Array{{0.5f, 1.5f, 4.5f}, {2.5f, 3.5f, 0.5f}, {1.5f, 4.5f, 3.5f}}},
                   .free_axes = {1},
                   .mask = cornu::tests::LayerExample::Mask::none}}};
});

Array longs(const std::vector<std::int64_t>& numbers) { return Array(numbers); }

// What Keras 3.15 says in the documentation of its class.
TEST(HashingTest, BinsOfTextsAreThoseOfKeras) {
  const Strings letters({"A", "B", "C", "D", "E"}, {5, 1});
  const Array y = Hashing(3)(letters);
  EXPECT_EQ(y.dtype(), int64);
  EXPECT_TRUE(array_equal(y, longs({1, 0, 1, 1, 2}).reshape({5, 1})));
  EXPECT_TRUE(array_equal(Hashing(3, {.mask_value = ""})(Strings{"A", "B", "", "C", "D"}), longs({1, 1, 0, 2, 2})));
  EXPECT_TRUE(
      array_equal(Hashing(3, {.salt = std::vector<int>{133, 137}})(letters), longs({1, 2, 1, 0, 2}).reshape({5, 1})));
  EXPECT_TRUE(
      array_equal(Hashing(3, {.salt = std::vector<int>{133}})(letters), longs({0, 0, 2, 1, 0}).reshape({5, 1})));
}

TEST(HashingTest, TheMaskHasABinOfItsOwn) {
  const Hashing layer(4, {.mask_value = 7});
  const Array y = layer(Array{7, 1, 2, 3}), without = Hashing(3)(Array{7, 1, 2, 3});
  EXPECT_EQ(y.data<std::int64_t>()[0], 0);
  for (int i = 1; i < 4; ++i) EXPECT_EQ(y.data<std::int64_t>()[i], without.data<std::int64_t>()[i] + 1);
  EXPECT_TRUE(array_equal(Hashing(1, {.mask_value = 7})(Array{7, 1}), longs({0, 0}))) << "one bin is all there is";
  EXPECT_TRUE(array_equal(Hashing(3, {.mask_value = "a text that is longer than all"})(Strings{"A"}),
                          Hashing(2)(Strings{"A"}) + longs({1})));
}

TEST(HashingTest, EncodesBinsInEveryMode) {
  const Array x{{0, 1, 2, 3, 4}};
  EXPECT_TRUE(array_equal(Hashing(3, {.output_mode = "count"})(x), Array{{2.f, 2.f, 1.f}}));
  EXPECT_TRUE(array_equal(Hashing(3, {.output_mode = "multi_hot"})(x), Array{{1.f, 1.f, 1.f}}));
  EXPECT_EQ(Hashing(3, {.output_mode = "one_hot"})(x).shape(), (Shape{1, 5, 3}));
  EXPECT_EQ(Hashing(3, {.dtype = "int32"})(x).dtype(), int32);
}

TEST(HashingTest, StandsInAModelOfTexts) {
  const auto x = Input({.shape = {1}, .dtype = "string"});
  const models::Model model(x, Hashing(3)(x));
  EXPECT_EQ(model.output_shape(), (Shape{kUnknown, 1}));
  EXPECT_TRUE(array_equal(model.predict(Strings({"A", "B", "E"}, {3, 1}).array()), longs({1, 0, 2}).reshape({3, 1})));
}

TEST(HashingTest, FilesHoldNumbersAndTexts) {
  for (const HashingConfig& config : {HashingConfig{.num_bins = 3, .mask_value = 5},
                                      HashingConfig{.num_bins = 3, .mask_value = ""}, HashingConfig{.num_bins = 3}}) {
    const Hashing layer(config);
    for (const auto version : {saving::KerasVersion::keras2, saving::KerasVersion::keras3}) {
      const auto read = saving::deserialize(registry(), saving::serialize(*layer, version), version);
      EXPECT_TRUE(same_config(*layer, *read)) << get_config(*layer);
    }
  }
  EXPECT_THAT(get_config(*Hashing(3, {.mask_value = ""})), testing::HasSubstr(R"("mask_value":"")"));
  EXPECT_THAT(get_config(*Hashing(3)), testing::HasSubstr(R"("mask_value":null,"salt":null)"));
  EXPECT_THAT(get_config(*Hashing(3, {.salt = std::vector<int>{5}})), testing::HasSubstr(R"("salt":[5,5])"));
}

TEST(HashingTest, ErrorsSayWhatWasExpected) {
  EXPECT_EQ(error_text<ValueError>([] { Hashing({.name = "h"}); }),
            "[Hashing \"h\"] expected num_bins of at least 1, got 0");
  EXPECT_EQ(error_text<ValueError>([] { Hashing(3, {.output_mode = "hot", .name = "h"}); }),
            "[Hashing \"h\"] expected an output_mode among 'int', 'one_hot', 'multi_hot', 'count', got 'hot'");
  EXPECT_EQ(error_text<ValueError>([] {
              Hashing(3, {.salt = std::vector<int>{1, 2, 3}, .name = "h"});
            }),
            "[Hashing \"h\"] expected a salt of one or two numbers, got 3");
  EXPECT_EQ(error_text<ValueError>([] {
              Hashing(3, {.mask_value = "a", .name = "h"})(Array{1, 2});
            }),
            "[Hashing \"h\"] expected a mask_value that is a number, as the input is, got a text");
  EXPECT_EQ(error_text<ValueError>([] { Hashing(3, {.mask_value = 1, .name = "h"})(Strings{"a"}); }),
            "[Hashing \"h\"] expected a mask_value that is a text, as the input is, got a number");
}

}  // namespace
}  // namespace cornu::keras::layers
