#include "cornu/keras/metrics/confusion_metrics.h"

#include <gmock/gmock.h>

#include <cmath>
#include <map>

#include "tests/keras/expect_error.h"
#include "tests/keras/metrics/update.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::metrics {
namespace {

using tests::error_text;
using tests::updated;

const bool samples = tests::register_keras_samples([] {
  const graph::Array t{{0.f, 1.f, 0.f}, {0.f, 0.f, 1.f}}, p{{0.2f, 0.5f, 0.3f}, {0.4f, 0.15f, 0.45f}};
  tests::KerasSamples list;
  for (const char* name : {"TruePositives", "FalsePositives", "TrueNegatives", "FalseNegatives"})
    list.push_back({"metric", name, R"({"name": "n", "dtype": "float32", "thresholds": [0.25, 0.5]})", true, t, p});
  for (const char* name : {"Precision", "Recall"})
    list.push_back({"metric", name,
                    R"({"name": "n", "dtype": "float32", "thresholds": [0.25, 0.5], "top_k": 2, "class_id": 1})", true,
                    t, p});
  for (const auto& [name, argument] : std::map<std::string, std::string>{{"SensitivityAtSpecificity", "specificity"},
                                                                         {"SpecificityAtSensitivity", "sensitivity"},
                                                                         {"PrecisionAtRecall", "recall"},
                                                                         {"RecallAtPrecision", "precision"}})
    list.push_back(
        {"metric", name,
         R"({"name": "n", "dtype": "float32", ")" + argument + R"(": 0.25, "num_thresholds": 20, "class_id": 1})", true,
         t, p});
  return list;
});

// The first examples of Keras' documentation, which gives these results.
TEST(ConfusionCountsTest, AreThoseOfKerasExamples) {
  const Array weights{0, 0, 1, 0};
  EXPECT_FLOAT_EQ(updated(FalsePositives(), Array{0, 1, 0, 0}, Array{0, 0, 1, 1}).item<float>(), 2);
  EXPECT_FLOAT_EQ(updated(FalsePositives(), Array{0, 1, 0, 0}, Array{0, 0, 1, 1}, weights).item<float>(), 1);
  EXPECT_FLOAT_EQ(updated(FalseNegatives(), Array{0, 1, 1, 1}, Array{0, 1, 0, 0}).item<float>(), 2);
  EXPECT_FLOAT_EQ(updated(TrueNegatives(), Array{0, 1, 0, 0}, Array{1, 1, 0, 0}).item<float>(), 2);
  EXPECT_FLOAT_EQ(updated(TruePositives(), Array{0, 1, 1, 1}, Array{1, 0, 1, 1}).item<float>(), 2);
}

TEST(ConfusionCountsTest, HaveAFigureForEachThreshold) {
  const Array t{0, 1, 1, 0}, p{0.5f, 0.5f, 0.9f, 0.1f};
  EXPECT_TRUE(array_equal(updated(TruePositives({.thresholds = {0.2, 0.5, 0.7}}), t, p), Array{2.f, 1.f, 1.f}))
      << "a prediction is above its threshold, not equal to it";
  EXPECT_TRUE(array_equal(updated(TrueNegatives({.thresholds = {0, 0.5, 1}}), t, p), Array{0.f, 2.f, 2.f}))
      << "in equal steps from 0 to 1";
  EXPECT_EQ(TruePositives({.thresholds = {0.3}})->result().shape(), Shape{});
}

TEST(ConfusionCountsTest, ANanIsAboveNoThreshold) {
  const Array t{1, 0}, p{std::nanf(""), std::nanf("")};
  for (const std::vector<double>& thresholds : {std::vector<double>{0.2, 0.9}, std::vector<double>{0, 0.5, 1}}) {
    EXPECT_EQ(graph::max(updated(TruePositives({.thresholds = thresholds}), t, p)).item<float>(), 0);
    EXPECT_EQ(graph::min(updated(FalseNegatives({.thresholds = thresholds}), t, p)).item<float>(), 1);
    EXPECT_EQ(graph::min(updated(TrueNegatives({.thresholds = thresholds}), t, p)).item<float>(), 1);
  }
}

TEST(PrecisionAndRecallTest, AreThoseOfKerasExamples) {
  const Array weights{0, 0, 1, 0};
  EXPECT_FLOAT_EQ(updated(Precision(), Array{0, 1, 1, 1}, Array{1, 0, 1, 1}).item<float>(), 2.f / 3);
  EXPECT_FLOAT_EQ(updated(Precision(), Array{0, 1, 1, 1}, Array{1, 0, 1, 1}, weights).item<float>(), 1);
  EXPECT_FLOAT_EQ(updated(Precision({.top_k = 2}), Array{0, 0, 1, 1}, Array{1, 1, 1, 1}).item<float>(), 0)
      << "the first two of equal ones";
  EXPECT_FLOAT_EQ(updated(Precision({.top_k = 4}), Array{0, 0, 1, 1}, Array{1, 1, 1, 1}).item<float>(), 0.5);
  EXPECT_FLOAT_EQ(updated(Recall(), Array{0, 1, 1, 1}, Array{1, 0, 1, 1}).item<float>(), 2.f / 3);
  EXPECT_FLOAT_EQ(updated(Recall(), Array{0, 0}, Array{0.9f, 0.1f}).item<float>(), 0) << "of nothing";
}

TEST(PrecisionAndRecallTest, LookAtOneClass) {
  const Array t{{0.f, 1.f}, {1.f, 0.f}, {1.f, 0.f}}, p{{0.7f, 0.3f}, {0.2f, 0.8f}, {0.6f, 0.4f}};
  EXPECT_FLOAT_EQ(updated(Recall({.class_id = 0}), t, p).item<float>(), 0.5);
  EXPECT_FLOAT_EQ(updated(Precision({.class_id = 1}), t, p).item<float>(), 0);
  EXPECT_FLOAT_EQ(updated(Recall({.class_id = 0}), t, p, Array{1.f, 1.f, 3.f}).item<float>(), 0.75);
}

TEST(BestAtTest, AreThoseOfKerasExamples) {
  const Array t{0, 0, 0, 1, 1}, p{0.f, 0.3f, 0.8f, 0.3f, 0.8f};
  EXPECT_FLOAT_EQ(updated(SensitivityAtSpecificity(0.5), t, p).item<float>(), 0.5);
  EXPECT_FLOAT_EQ(updated(SensitivityAtSpecificity(0.5), t, p, Array{1, 1, 2, 2, 1}).item<float>(), 1.f / 3);
  EXPECT_FLOAT_EQ(updated(SpecificityAtSensitivity(0.5), t, p).item<float>(), 2.f / 3);
  EXPECT_FLOAT_EQ(updated(SpecificityAtSensitivity(0.5), t, p, Array{1, 1, 2, 2, 2}).item<float>(), 0.5);
  EXPECT_FLOAT_EQ(updated(PrecisionAtRecall(0.5), t, p).item<float>(), 0.5);
  EXPECT_FLOAT_EQ(updated(PrecisionAtRecall(0.5), t, p, Array{2, 2, 2, 1, 1}).item<float>(), 1.f / 3);
  const Array t4{0, 0, 1, 1}, p4{0.f, 0.5f, 0.3f, 0.9f};
  EXPECT_FLOAT_EQ(updated(RecallAtPrecision(0.8), t4, p4).item<float>(), 0.5);
  EXPECT_FLOAT_EQ(updated(RecallAtPrecision(0.8), t4, p4, Array{1, 0, 0, 1}).item<float>(), 1);
  EXPECT_FLOAT_EQ(updated(RecallAtPrecision(0.8), Array{0, 0}, Array{0.1f, 0.9f}).item<float>(), 0) << "never reached";
}

TEST(ConfusionMetricsTest, SayWhatIsWrong) {
  EXPECT_EQ(error_text<ValueError>([] {
              Precision({.thresholds = {0.5, 1.5}});
            }),
            "metric 'precision': `thresholds` must be from 0 to 1, got 1.5");
  EXPECT_EQ(error_text<ValueError>([] { Recall({.top_k = 0}); }), "metric 'recall': `top_k` must be at least 1, got 0");
  EXPECT_EQ(error_text<ValueError>([] { Recall({.class_id = -1}); }),
            "metric 'recall': `class_id` must not be negative, got -1");
  EXPECT_EQ(error_text<ValueError>([] { SensitivityAtSpecificity(); }),
            "metric 'sensitivity_at_specificity': `specificity` must be from 0 to 1, got nan");
  EXPECT_EQ(error_text<ValueError>([] { RecallAtPrecision(0.5, {.num_thresholds = 0}); }),
            "metric 'recall_at_precision': `num_thresholds` must be above 0, got 0");
  EXPECT_EQ(error_text<ShapeError>([] {
              updated(Precision(), Array{1, 0}, Array{{1.f, 0.f, 0.f}});
            }),
            "metric 'precision': targets of shape (2,) do not fit predictions of shape (1, 3)");
  EXPECT_EQ(error_text<ShapeError>([] {
              updated(Precision({.top_k = 3}), Array{1, 0}, Array{1.f, 0.f});
            }),
            "metric 'precision': `top_k` is 3, predictions have shape (2,)");
  EXPECT_EQ(error_text<ShapeError>([] {
              updated(Precision({.class_id = 2}), Array{{1, 0}}, Array{{1.f, 0.f}});
            }),
            "metric 'precision': `class_id` is 2, predictions have shape (1, 2)");
  const Array three{1.f, 2.f, 3.f};
  EXPECT_EQ(error_text<ShapeError>([&] {
              updated(TruePositives(), Array{1, 0}, Array{1.f, 0.f}, three);
            }),
            "metric 'true_positives': sample weights of shape (3,) do not fit predictions of shape (2,)");
}

}  // namespace
}  // namespace cornu::keras::metrics
