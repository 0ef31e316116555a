#include "cornu/keras/layers/core/embedding.h"

#include <gmock/gmock.h>

#include <cmath>

#include "cornu/autodiff/gradient_check.h"
#include "cornu/autodiff/gradients.h"
#include "cornu/keras/constraints/norm.h"
#include "cornu/keras/regularizers/l1_l2.h"
#include "cornu/keras/saving/config_json.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/gather.h"
#include "cornu/ops/reduction.h"
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
       .class_name = "Embedding",
       .config =
           R"({"input_dim": 7, "output_dim": 3, "embeddings_initializer": "he_normal", "embeddings_regularizer": "l2", "activity_regularizer": "l1", "embeddings_constraint": "non_neg", "mask_zero": true, "lora_rank": null, "lora_alpha": null, "input_length": 6, BASE})",
       .example = {.inputs = {Array{{1, 0, 3, 6}, {2, 2, 0, 5}, {0, 4, 4, 1}}},
                   .config = R"({"input_dim": 7, "output_dim": 3, "mask_zero": true, BASE})",
                   .free_axes = {1},
                   .mask = cornu::tests::LayerExample::Mask::own}},
  };
});

const Array kTable{{0.f, 1.f}, {10.f, 11.f}, {20.f, 21.f}, {30.f, 31.f}};

Embedding embedding(EmbeddingConfig config = {}) {
  config.weights = kTable;
  config.name = "e";
  return Embedding(4, 2, config);
}

TEST(EmbeddingTest, GivesAVectorForEachIndex) {
  const Array want = Array{{10.f, 11.f}, {30.f, 31.f}, {0.f, 1.f}, {10.f, 11.f}}.reshape({2, 2, 2});
  const Array ids{{1, 3}, {0, 1}};
  for (const DType dtype : {int32, int64, uint8, float32, bfloat16})
    EXPECT_TRUE(array_equal(run_layer(embedding(), ids.astype(dtype)).output, want)) << dtype;
  EXPECT_TRUE(array_equal(run_layer(embedding(), Array{true, false}).output, Array{{10.f, 11.f}, {0.f, 1.f}}));
}

TEST(EmbeddingTest, TakesIndicesOfAnyRank) {
  EXPECT_EQ(run_layer(embedding(), Array{1, 2, 3}).output.shape(), (Shape{3, 2}));
  EXPECT_EQ(run_layer(embedding(), graph::zeros({5, 1, 3, 2}, int32)).output.shape(), (Shape{5, 1, 3, 2, 2}));
  EXPECT_EQ(Embedding(9, 6)->compute_output_shape({kUnknown, 7}), (Shape{kUnknown, 7, 6}));
  EXPECT_EQ(Embedding(9, 6)->compute_output_shape({kUnknown, kUnknown}), (Shape{kUnknown, kUnknown, 6}));
}

TEST(EmbeddingTest, FractionsAreCutOffAndNegativeIndicesCountFromTheEnd) {
  const Array want{{10.f, 11.f}, {0.f, 1.f}, {30.f, 31.f}, {0.f, 1.f}};
  EXPECT_TRUE(array_equal(run_layer(embedding(), Array{1.9f, -0.9f, -1.f, -4.f}).output, want));
  EXPECT_TRUE(array_equal(run_layer(embedding(), Array{1, 0, -1, -4}).output, want));
}

TEST(EmbeddingTest, AnIndexOutOfRangeInTheMiddleOfAModelGivesNaN) {
  const Array y = run_layer(embedding(), Array{4, -5, 1}).output;
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(std::isnan(y.data<float>()[i])) << i;
  EXPECT_TRUE(array_equal(y.slice(2, 3), Array{{10.f, 11.f}}));
  EXPECT_TRUE(std::isnan(run_layer(embedding(), Array{NAN, 1e30f, -INFINITY}).output.data<float>()[0]));
}

TEST(EmbeddingTest, WeightsHaveKerasNamesAndWhatBelongsToThem) {
  const Embedding layer(
      300, 7,
      {.embeddings_regularizer = regularizers::l2(0.1), .embeddings_constraint = constraints::MaxNorm(), .name = "e"});
  layer->ensure_built({kUnknown, 2});
  const auto weights = layer->weight_list();
  ASSERT_EQ(weights.size(), 1u);
  EXPECT_EQ(weights[0].variable.name(), "e/embeddings");
  EXPECT_EQ(weights[0].variable.shape(), (Shape{300, 7}));
  EXPECT_TRUE(weights[0].variable.trainable());
  EXPECT_TRUE(weights[0].regularizer);
  EXPECT_TRUE(weights[0].constraint);
  EXPECT_EQ(layer->count_params(), 2100);
  const Array value = layer->get_weights()[0];  // Keras' "uniform"
  EXPECT_LE(graph::max(graph::abs(value)).item<double>(), 0.05);
  EXPECT_GT(graph::max(graph::abs(value)).item<double>(), 0.04);
}

TEST(EmbeddingTest, BeginsWithGivenWeights) {
  const Embedding layer = embedding({.trainable = false});
  layer->ensure_built({kUnknown, 3});
  EXPECT_TRUE(array_equal(layer->get_weights()[0], kTable));
  EXPECT_TRUE(layer->trainable_weights().empty());
  const Embedding integers(2, 2, {.weights = Array{{1, 2}, {3, 4}}});
  EXPECT_TRUE(array_equal(run_layer(integers, Array{1}).output, Array{{3.f, 4.f}}));
}

TEST(EmbeddingTest, AddsLossesOfWeightsAndActivity) {
  const Array ids{{1, 3}, {1, 0}};
  EXPECT_NEAR(run_layer(embedding({.embeddings_regularizer = "l1"}), ids).added_loss,
              0.01 * graph::sum(kTable).item<double>(), 1e-4);
  const auto run = run_layer(embedding({.activity_regularizer = regularizers::l2(0.1)}), ids);
  EXPECT_NEAR(run.added_loss, 0.1 * graph::sum(run.output * run.output).item<double>() / 2, 1e-3);
}

TEST(EmbeddingTest, GradientsOfRepeatedIndicesAreAddedUp) {
  const Embedding layer = embedding();
  const Function f([&](const Tensor& ids, const Tensor& weight) {
    Context ctx(true);
    const Tensor y = (*layer)(ids, ctx);
    return Outputs{autodiff::gradients(ops::sum(y * weight), {layer->weights()[0]})[0]};
  });
  layer->ensure_built({kUnknown, 3});
  const Array g = f(Array{{1, 3, 1}, {-3, 0, 1}}, graph::arange(0, 12).reshape({2, 3, 2}).astype(float32));
  EXPECT_TRUE(array_equal(g, Array{{8.f, 9.f}, {0 + 4 + 6 + 10.f, 1 + 5 + 7 + 11.f}, {0.f, 0.f}, {2.f, 3.f}}));
}

TEST(EmbeddingTest, GradientAgreesWithDifferences) {
  const Array ids{{1, 3, 1}, {2, 2, -4}};
  const auto report = autodiff::gradient_check(
      [&](const Tensor& table) {
        const Tensor y = ops::take(table, ids);
        return ops::sum(y * y * y, {1});
      },
      {kTable / 20}, {.order = 2});
  EXPECT_TRUE(report) << report;
}

TEST(EmbeddingTest, InputLengthOfKeras2IsTheInputShape) {
  EXPECT_EQ(Embedding(4, 2, {.input_length = 5})->base().input_shape, (Shape{5}));
  EXPECT_EQ(Embedding(4, 2, {.input_length = 5})->compute_output_shape({kUnknown, 5}), (Shape{kUnknown, 5, 2}));
  EXPECT_THAT(saving::serialize(*Embedding(4, 2, {.input_length = 5}), saving::KerasVersion::keras2),
              testing::HasSubstr(R"("batch_input_shape":[null,5])"));
  EXPECT_EQ(error_text<ShapeError>([] {
              run_layer(embedding({.input_length = 5}), Array{{1, 2}});
            }),
            "[Embedding \"e\"] expected an input of shape (None, 5) by its input_length, got (None, 2)");
  EXPECT_EQ(error_text<ValueError>([] { Embedding(4, 2, {.input_length = 0}); }),
            "[Embedding] expected a positive input_length, got 0");
}

TEST(EmbeddingTest, SaysWhatItCannotTake) {
  EXPECT_EQ(error_text<ValueError>([] { Embedding(0, 2, {.name = "e"}); }),
            "[Embedding \"e\"] expected a positive input_dim, got 0");
  EXPECT_EQ(error_text<ValueError>([] { Embedding(4, -2); }), "[Embedding] expected a positive output_dim, got -2");
  EXPECT_THROW(Embedding(), ValueError);
  EXPECT_EQ(error_text<ValueError>([] { Embedding(4, 2, {.output_dim = 3}); }),
            "Embedding(4, 2, {.input_dim = 0, .output_dim = 3}): the dimensions are given twice");
  EXPECT_EQ(error_text<ValueError>([] { Embedding(4, 2, {.lora_rank = 8}); }),
            "[Embedding] lora_rank is not supported, got 8");
  EXPECT_EQ(error_text<ShapeError>([] { Embedding(4, 3, {.weights = kTable}); }),
            "[Embedding] expected weights of shape (4, 3), got (4, 2)");
}

TEST(EmbeddingTest, IndicesStayExactInMixedPrecision) {
  const Array table = graph::arange(0, 1000).reshape({1000, 1}).astype(float32) / 1000;
  for (const char* policy : {"mixed_bfloat16", "bfloat16"}) {
    const Embedding layer(1000, 1, {.weights = table, .dtype = policy});
    const Array ids{{257.f, 999.f}}, y = run_layer(layer, ids).output;
    EXPECT_EQ(y.dtype(), bfloat16);
    EXPECT_TRUE(array_equal(y, (Array{{0.257f, 0.999f}}.reshape({1, 2, 1}).astype(bfloat16))));
    EXPECT_EQ(layer->weights()[0].dtype(), std::string(policy) == "bfloat16" ? bfloat16 : float32);
  }
}

}  // namespace
}  // namespace cornu::keras::layers
