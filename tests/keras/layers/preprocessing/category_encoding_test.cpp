#include "cornu/keras/layers/preprocessing/category_encoding.h"

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
       .class_name = "CategoryEncoding",
       .config = R"({"num_tokens": 5, "output_mode": "count", "sparse": false, BASE})",
       .example = {.inputs = {Array{{0.5f, 1.5f, 4.5f}, {2.5f, 2.5f, 0.5f}, {1.5f, 4.5f, 3.5f}}},
                   .free_axes = {1},
                   .mask = cornu::tests::LayerExample::Mask::none}}};
});

TEST(CategoryEncodingTest, EncodesInEveryMode) {
  const Array pairs{{0, 1}, {0, 0}, {1, 2}, {3, 1}};
  EXPECT_TRUE(
      array_equal(CategoryEncoding(4)(pairs),
                  Array{{1.f, 1.f, 0.f, 0.f}, {1.f, 0.f, 0.f, 0.f}, {0.f, 1.f, 1.f, 0.f}, {0.f, 1.f, 0.f, 1.f}}));
  EXPECT_TRUE(
      array_equal(CategoryEncoding(4, "count")(pairs),
                  Array{{1.f, 1.f, 0.f, 0.f}, {2.f, 0.f, 0.f, 0.f}, {0.f, 1.f, 1.f, 0.f}, {0.f, 1.f, 0.f, 1.f}}));
  const Array ones{{0.f, 0.f, 0.f, 1.f}, {0.f, 0.f, 1.f, 0.f}};
  EXPECT_TRUE(array_equal(CategoryEncoding(4, "one_hot")(Array{3, 2}), ones));
  EXPECT_TRUE(array_equal(CategoryEncoding(4, "one_hot")(Array{{3}, {2}}), ones)) << "in place of an axis of length 1";
  EXPECT_EQ(CategoryEncoding(4, "one_hot")(pairs).shape(), (Shape{4, 2, 4}));
  EXPECT_EQ(CategoryEncoding(4, "one_hot")(Array::scalar(2)).shape(), (Shape{1, 4}));
  EXPECT_TRUE(array_equal(CategoryEncoding(4, "binary")(Array{1, 1}), Array{0.f, 1.f, 0.f, 0.f})) << "an older word";
  EXPECT_TRUE(array_equal(CategoryEncoding(3, "count")(Array{{-1, 3, 2}}), Array{{0.f, 0.f, 1.f}})) << "out of range";
  EXPECT_EQ(CategoryEncoding(1000, "one_hot")(Array{16777217}).shape(), (Shape{1, 1000}));
}

TEST(CategoryEncodingTest, AddsUpWeights) {
  const auto ids = Input({.shape = {2}, .dtype = "int32"}), weights = Input({.shape = {2}});
  const models::Model model({ids, weights}, CategoryEncoding(4, "count")(ids, {.named = {{"count_weights", weights}}}));
  const Array y =
      model.predict({Array{{0, 1}, {0, 0}, {3, 1}}, Array{{0.1f, 0.2f}, {0.1f, 0.1f}, {0.4f, INFINITY}}})[0];
  EXPECT_TRUE(allclose(y.slice(0, 2), Array{{0.1f, 0.2f, 0.f, 0.f}, {0.2f, 0.f, 0.f, 0.f}}));
  EXPECT_TRUE(array_equal(y.slice(2, 3), Array{{0.f, INFINITY, 0.f, 0.4f}})) << "each in its category";
}

TEST(CategoryEncodingTest, ReadsSparseOnesAsDenseOnes) {
  const Shared<Layer> layer = saving::deserialize(
      registry(),
      R"({"class_name": "CategoryEncoding", "config": {"num_tokens": 2, "output_mode": "multi_hot", "sparse": true}})");
  EXPECT_TRUE(array_equal(layer(Array{{1, 1}}), Array{{0.f, 1.f}}));
}

TEST(CategoryEncodingTest, ErrorsSayWhatWasExpected) {
  EXPECT_EQ(error_text<ValueError>([] { CategoryEncoding({.name = "c"}); }),
            "[CategoryEncoding \"c\"] expected num_tokens of at least 1, got 0");
  EXPECT_EQ(error_text<ValueError>([] { CategoryEncoding(3, "int", {.name = "c"}); }),
            "[CategoryEncoding \"c\"] expected an output_mode among 'multi_hot', 'one_hot', 'count', got 'int'");
  EXPECT_EQ(error_text<ValueError>([] { CategoryEncoding(3, {.sparse = true, .name = "c"}); }),
            "[CategoryEncoding \"c\"] sparse = true is not supported: there are no sparse tensors");
  const auto call = [](const char* mode, const Shape& weights) {
    Context ctx;
    const Array ids{{0, 1}};
    CategoryEncoding(3, mode, {.name = "c"})(Inputs(Tensor(ids)).with("count_weights", Tensor(graph::ones(weights))),
                                             ctx);
  };
  EXPECT_EQ(error_text<ValueError>([&] {
              call("one_hot", {1, 2});
            }),
            "[CategoryEncoding \"c\"] takes count_weights if output_mode is 'count', not 'one_hot'");
  EXPECT_EQ(error_text<ShapeError>([&] {
              call("count", {1, 3});
            }),
            "[CategoryEncoding \"c\"] expected count_weights of the input's shape (1, 2), got (1, 3)");
}

}  // namespace
}  // namespace cornu::keras::layers
