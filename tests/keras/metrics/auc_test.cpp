#include "cornu/keras/metrics/auc.h"

#include <gmock/gmock.h>

#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/metrics/confusion_metrics.h"
#include "cornu/keras/models/sequential.h"
#include "cornu/keras/saving/config_json.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/metrics/update.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::metrics {
namespace {

using tests::error_text;
using tests::updated;

const bool samples = tests::register_keras_samples([] {
  return tests::KerasSamples{
      {"metric", "AUC",
       R"({"name": "n", "dtype": "float32", "num_thresholds": 4, "curve": "PR", "summation_method": "minoring",
           "thresholds": [0.25, 0.5], "multi_label": true, "num_labels": 3, "label_weights": [0.5, 1.0, 2.0],
           "from_logits": true})",
       true, graph::Array{{0.f, 1.f, 0.f}, {0.f, 0.f, 1.f}}, graph::Array{{0.2f, 0.5f, 0.3f}, {0.4f, 0.15f, 0.45f}}}};
});

const Array kTargets{0, 0, 1, 1}, kPredictions{0.f, 0.5f, 0.3f, 0.9f};

float area(AUCConfig config, const Tensor& weights = {}) {
  return updated(AUC(std::move(config)), kTargets, kPredictions, weights).item<float>();
}

TEST(AUCTest, IsThatOfKerasExamples) {
  EXPECT_FLOAT_EQ(area({.num_thresholds = 3}), 0.75f);
  EXPECT_FLOAT_EQ(area({.num_thresholds = 3}, Array{1, 0, 0, 1}), 1);
}

TEST(AUCTest, IsTheProbabilityOfTheRightOrder) {
  EXPECT_FLOAT_EQ(area({}), 0.75f) << "one of four pairs is in the wrong order";
  EXPECT_FLOAT_EQ(area({.thresholds = {0.4, 0.2, 0.7}}), 0.75f) << "thresholds of any distances and order";
  EXPECT_FLOAT_EQ(area({.from_logits = true}), 0.75f) << "the order of logits is that of their probabilities";
}

TEST(AUCTest, BoundsLieOnBothSides) {
  for (const char* curve : {"ROC", "PR"}) {
    const float middle = area({.num_thresholds = 3, .curve = curve});
    EXPECT_LE(area({.num_thresholds = 3, .curve = curve, .summation_method = "minoring"}), middle) << curve;
    EXPECT_GE(area({.num_thresholds = 3, .curve = curve, .summation_method = "majoring"}), middle) << curve;
  }
}

TEST(AUCTest, LabelsOfSeveralColumns) {
  const Array t{{0, 1}, {0, 0}, {1, 1}, {1, 0}}, p{{0.f, 0.9f}, {0.5f, 0.1f}, {0.3f, 0.8f}, {0.9f, 0.2f}};
  EXPECT_FLOAT_EQ(updated(AUC({.multi_label = true}), t, p).item<float>(), (0.75f + 1) / 2);
  EXPECT_FLOAT_EQ(updated(AUC({.multi_label = true, .num_labels = 2, .label_weights = {3, 1}}), t, p).item<float>(),
                  (3 * 0.75f + 1) / 4);
  EXPECT_FLOAT_EQ(updated(AUC({.label_weights = {1, 0}}), t, p).item<float>(), 0.75f);
  AUC twice({.multi_label = true});
  EXPECT_EQ(twice->result().item<float>(), 0) << "before any batch";
  updated(twice, t.slice(0, 3), p.slice(0, 3));
  EXPECT_FLOAT_EQ(updated(twice, t.slice(3, 4), p.slice(3, 4)).item<float>(), (0.75f + 1) / 2);
}

TEST(AUCTest, KeepsItsCountsUnderKerasNames) {
  std::vector<std::string> names;
  const AUC auc({.num_thresholds = 5});
  for (const Variable& v : auc->variables()) {
    names.push_back(v.name());
    EXPECT_EQ(v.shape(), Shape{5});
  }
  EXPECT_THAT(names, testing::ElementsAre("true_positives", "false_positives", "true_negatives", "false_negatives"));
}

TEST(AUCTest, WordsAreThoseOfKeras) {
  EXPECT_EQ(AUC({.curve = "pr", .summation_method = "Majoring"})->config().curve, "PR");
  EXPECT_EQ(error_text<ValueError>([] { AUC({.curve = "RO"}); }),
            "metric 'auc': `curve` must be 'ROC', 'PR' or 'PRGAIN', got 'RO'");
  EXPECT_EQ(error_text<ValueError>([] { AUC({.summation_method = "mean"}); }),
            "metric 'auc': `summation_method` must be 'interpolation', 'minoring' or 'majoring', got 'mean'");
}

TEST(AUCTest, TheGainOfPrecisionIsUnknownToKeras2) {
  EXPECT_FLOAT_EQ(area({.num_thresholds = 3, .curve = "prgain"}), 0.5f);
  EXPECT_EQ(error_text<ValueError>([] { saving::serialize(*AUC({.curve = "PRGAIN"}), saving::KerasVersion::keras2); }),
            "metric 'AUC' cannot be saved for Keras 2, which has no curve 'PRGAIN'");
}

TEST(AUCTest, SaysWhatIsWrong) {
  EXPECT_EQ(error_text<ValueError>([] { AUC(1); }), "metric 'auc': `num_thresholds` must be above 1, got 1");
  EXPECT_EQ(error_text<ValueError>([] { AUC({.num_labels = 2}); }), "metric 'auc': `num_labels` needs `multi_label`");
  const Array t{{0, 1}}, p{{0.5f, 0.5f}};
  EXPECT_EQ(error_text<ShapeError>([&] { updated(AUC({.multi_label = true, .num_labels = 3}), t, p); }),
            "metric 'auc': expected 3 labels, got predictions of shape (1, 2)");
  EXPECT_EQ(error_text<ShapeError>([&] { updated(AUC({.multi_label = true}), Array{1}, Array{0.5f}); }),
            "metric 'auc': with `multi_label` predictions are (samples, labels), got shape (1,)");
  EXPECT_EQ(error_text<ShapeError>([&] { updated(AUC({.multi_label = true, .label_weights = {1}}), t, p); }),
            "metric 'auc': 1 `label_weights` for 2 labels");
  EXPECT_EQ(error_text<ShapeError>([&] { updated(AUC({.label_weights = {1}}), t, p); }),
            "metric 'auc': 1 `label_weights` do not fit predictions of shape (1, 2)");
}

TEST(AUCTest, IsTrackedWhileAModelTrains) {
  models::Sequential model({layers::Dense(1, {.activation = "sigmoid", .input_shape = {1}})});
  model.compile({.optimizer = "sgd",
                 .loss = "binary_crossentropy",
                 .metrics = {AUC({.num_thresholds = 10}), "auc", Precision({.thresholds = {0.3, 0.7}})}});
  model.get_weights();
  const Array x = kPredictions.reshape({4, 1}), y = kTargets.reshape({4, 1});
  const auto history = model.fit(x, y, {.epochs = 2, .verbose = 0});
  for (const char* name : {"auc", "precision_0", "precision_1"}) EXPECT_TRUE(history.contains(name)) << name;
}

}  // namespace
}  // namespace cornu::keras::metrics
