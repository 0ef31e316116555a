// Masks: which layers hand them on, and what they do to the loss and the metrics. (Numbers of real Keras: check_keras.)
#include <gmock/gmock.h>

#include "cornu/graph/function.h"
#include "cornu/graph/leaf.h"
#include "cornu/keras/layers/core/activation.h"
#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/core/embedding.h"
#include "cornu/keras/layers/regularization/activity_regularization.h"
#include "cornu/keras/layers/regularization/dropout.h"
#include "cornu/keras/layers/reshaping/flatten.h"
#include "cornu/keras/layers/reshaping/reshape.h"
#include "cornu/keras/losses/crossentropy.h"
#include "cornu/keras/losses/regression.h"
#include "cornu/keras/models/sequential.h"
#include "cornu/keras/optimizers/sgd.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/reduction.h"
#include "tests/keras/expect_error.h"

namespace cornu::keras {
namespace {

using models::Sequential;
using tests::error_text;
using Layers = std::vector<Shared<layers::Layer>>;

const Array kIds{{1, 0, 3, 0}, {2, 2, 0, 4}, {0, 0, 0, 1}};
const Array kMask{{true, false, true, false}, {true, true, false, true}, {false, false, false, true}};  // of 12 count 6

/// The mask of what the layers give for embedded indices; unset: none.
std::optional<Array> mask_behind(const Layers& layers, const Array& ids = kIds,
                                 layers::EmbeddingConfig config = {.mask_zero = true}) {
  const Shared<layers::Layer> embedding = layers::Embedding(5, 3, config);
  bool masked = false;
  const Function f([&](const Tensor& x) {
    Context ctx;
    Tensor y = (*embedding)(x, ctx);
    for (const auto& layer : layers) y = (*layer)(y, ctx);
    masked = ctx.mask(y).defined();
    return Outputs{masked ? ctx.mask(y) : y};
  });
  const Array mask = f(ids);
  return masked ? std::optional(mask) : std::nullopt;
}

TEST(MaskingTest, EmbeddingMasksZeros) {
  for (const DType dtype : {int32, int64, uint8, float32, bool_}) {
    const auto mask = mask_behind({}, kIds.astype(dtype));
    ASSERT_TRUE(mask) << dtype;
    EXPECT_TRUE(array_equal(*mask, kMask)) << dtype;
  }
  EXPECT_TRUE(array_equal(*mask_behind({}, kIds, {.mask_zero = true, .dtype = "mixed_bfloat16"}), kMask));
  EXPECT_FALSE(mask_behind({}, kIds, {}));
}

TEST(MaskingTest, LayersOfOneStepAtATimeHandMasksOn) {
  const Layers all{layers::Dense(3, {.activation = "relu"}), layers::Activation("tanh"), layers::Dropout(0.5),
                   layers::ActivityRegularization({.l1 = 0.1})};
  EXPECT_TRUE(array_equal(*mask_behind(all), kMask));
  EXPECT_TRUE(array_equal(*mask_behind({layers::Dense(3, {.dtype = "mixed_bfloat16"}), layers::Dense(2)}), kMask));
  EXPECT_TRUE(
      array_equal(*mask_behind({Sequential({layers::Dense(3), layers::Dropout(0.5)}), layers::Dense(2)}), kMask));
}

TEST(MaskingTest, OthersTakeThemAway) {
  EXPECT_FALSE(mask_behind({layers::Flatten()}));
  EXPECT_FALSE(mask_behind({layers::Reshape({4, 3})}));  // even if nothing changes
  EXPECT_FALSE(mask_behind({Sequential({layers::Dense(3), layers::Reshape({2, 6})}), layers::Dense(2)}));
  struct Twice final : layers::Layer {
    Tensor call(const Tensor& x, Context&) override { return x * 2.0; }
  };
  EXPECT_FALSE(mask_behind({share(Twice())}));
}

TEST(MaskingTest, ALayerOfOnesOwnMaySupportThem) {
  struct Steps final : layers::Layer {
    Steps() { set_supports_masking(true); }
    Tensor call(const Tensor& x, Context& ctx) override {
      const Tensor mask = ctx.mask(x);
      return mask.defined() ? x * ops::cast(ops::expand_dims(mask, -1), x.dtype()) : x;
    }
    Tensor compute_mask(const Tensor&, const Tensor& mask) const override { return ops::logical_not(mask); }
  };
  EXPECT_TRUE(array_equal(*mask_behind({share(Steps())}), Array(kMask.astype(int32) * -1 + 1).astype(bool_)));
}

TEST(MaskingTest, AMaskFitsTheFirstAxes) {
  Context ctx;
  const Tensor x(graph::ones({2, 3, 4}));
  EXPECT_EQ(error_text<ShapeError>([&] {
              ctx.set_mask(x, Tensor(graph::ones({2, 4}, bool_)));
            }),
            "a mask needs to be bool and of the first axes of float32(2, 3, 4), got bool(2, 4)");
  EXPECT_THROW(ctx.set_mask(x, Tensor(graph::ones({2, 3}))), ShapeError);
  ctx.set_mask(x, Tensor(graph::ones({2, 3}, bool_)));
  EXPECT_TRUE(ctx.mask(x).defined());
  EXPECT_FALSE(ctx.mask(Tensor(graph::ones({2, 3, 4}))).defined());  // equal numbers are another tensor
  ctx.set_mask(x, {});
  EXPECT_FALSE(ctx.mask(x).defined());
}

TEST(MaskingTest, ALossIsTheMeanOfWhatCounts) {
  const Array y_true = graph::arange(0, 12).reshape({3, 4, 1}) / 4, y_pred = graph::ones({3, 4, 1});
  const Array squares = (y_true - y_pred) * (y_true - y_pred), m = kMask.astype(float32),
              w = graph::arange(1, 13).reshape({3, 4}).astype(float32);
  const auto value = [&](const char* reduction, const Array* weight, const Array& mask) {
    const Function f([&](const Tensor& t, const Tensor& p) {
      return losses::MeanSquaredError({.reduction = reduction})(t, p, weight ? Tensor(*weight) : Tensor(),
                                                                Tensor(mask));
    });
    return Array(f(y_true, y_pred)).item<double>();
  };
  const Array s = squares.reshape({3, 4});
  const auto total = [](const Array& x) { return graph::sum(x).item<double>(); };
  EXPECT_NEAR(value("sum_over_batch_size", nullptr, kMask), total(s * m) / 6, 1e-5);
  EXPECT_NEAR(value("sum_over_batch_size", &w, kMask), total(s * m * w) / 6, 1e-4);
  EXPECT_NEAR(value("sum", nullptr, kMask), total(s * m), 1e-4);
  EXPECT_NEAR(value("mean_with_sample_weight", &w, kMask), total(s * m * w) / total(m * w), 1e-5);
  EXPECT_EQ(value("sum_over_batch_size", nullptr, graph::zeros({3, 4}, bool_)), 0);
}

TEST(MaskingTest, AMaskAndAnIgnoredClassBothLeaveOut) {
  const Array labels{{0, 1, 2, 2}}, logits = graph::arange(0, 12).reshape({1, 4, 3}).astype(float32) / 7;
  const auto value = [&](std::optional<int> ignored, const Array& mask) {
    const Function f([&](const Tensor& t, const Tensor& p) {
      return losses::SparseCategoricalCrossentropy({.from_logits = true, .ignore_class = ignored})(t, p, {},
                                                                                                   Tensor(mask));
    });
    return Array(f(labels, logits)).item<double>();
  };
  EXPECT_NEAR(value(2, Array{{false, true, true, false}}), value(std::nullopt, Array{{false, true, false, false}}),
              1e-6);
}

/// Trains two models with the same weights for one step: the one masked, the other with sample weights.
TEST(MaskingTest, TrainingIsAsWithWeightsThatLeaveOutWhatIsMasked) {
  const Array y = graph::arange(0, 12).reshape({3, 4, 1}).astype(float32) / 12;
  const auto model = [&](bool mask_zero) {
    Sequential m({layers::Embedding(5, 3, {.mask_zero = mask_zero, .input_shape = {4}}),
                  layers::Dense(4, {.activation = "tanh"}), layers::Dense(1)});
    m.compile({.optimizer = optimizers::SGD({.learning_rate = 0.1}),
               .loss = "mse",
               .metrics = {"mae", "RootMeanSquaredError"},
               .weighted_metrics = {"mse"}});
    return m;
  };
  auto masked = model(true), weighted = model(false), plain = model(false);
  for (auto* other : {&weighted, &plain}) other->set_weights(masked.get_weights());
  const Array weight = kMask.astype(float32) * 2;  // 12 / 6
  const Logs scores = masked.evaluate(kIds, y, {.verbose = 0}), unmasked = plain.evaluate(kIds, y, {.verbose = 0});
  EXPECT_EQ(scores["RootMeanSquaredError"], unmasked["RootMeanSquaredError"]);  // Keras': it sees no mask
  const Array error = graph::abs(masked.predict(kIds) - y).reshape({3, 4}) * kMask.astype(float32);
  EXPECT_NEAR(scores["mae"], graph::sum(error).item<double>() / 6, 1e-6);
  EXPECT_NEAR(scores["mse"], scores["loss"], 1e-6);

  const Logs a = masked.train_on_batch(kIds, y), b = weighted.train_on_batch(kIds, y, {.sample_weight = weight});
  EXPECT_NEAR(a["loss"], b["loss"], 1e-6);
  EXPECT_NE(a["loss"], plain.train_on_batch(kIds, y)["loss"]);
  const auto got = masked.get_weights(), want = weighted.get_weights(), other = plain.get_weights();
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_TRUE(allclose(got[i], want[i], 1e-5, 1e-6)) << i;
  EXPECT_FALSE(allclose(got[0], other[0], 1e-5, 1e-6));
}

TEST(MaskingTest, AMaskThatEndsChangesNothing) {
  const Array y{{0.f}, {1.f}, {0.5f}};
  std::vector<double> losses;
  std::vector<Array> weights;
  for (const bool mask_zero : {true, false}) {
    Sequential model(
        {layers::Embedding(5, 3, {.mask_zero = mask_zero, .input_shape = {4}}), layers::Flatten(), layers::Dense(1)});
    if (!weights.empty()) model.set_weights(weights);
    weights = model.get_weights();
    model.compile({.optimizer = "sgd", .loss = "mse"});
    losses.push_back(model.evaluate(kIds, y, {.verbose = 0})["loss"]);
  }
  EXPECT_EQ(losses[0], losses[1]);
}

TEST(MaskingTest, WeightsOfMetricsThatDoNotFitTheMaskAreRefused) {
  Sequential model({layers::Embedding(5, 3, {.embeddings_regularizer = "l2", .mask_zero = true, .input_shape = {4}}),
                    layers::Dense(1)});
  model.compile({.optimizer = "sgd", .weighted_metrics = {"mse"}});  // trains the penalty alone
  EXPECT_EQ(error_text<ShapeError>([&] {
              model.evaluate(kIds, graph::zeros({3, 4, 1}), {.verbose = 0, .sample_weight = graph::ones({3})});
            }),
            "metric 'mse': sample weights of shape (3,) do not fit the mask of shape (3, 4)");
}

}  // namespace
}  // namespace cornu::keras
