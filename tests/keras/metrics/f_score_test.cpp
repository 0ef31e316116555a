#include "cornu/keras/metrics/f_score.h"

#include <gtest/gtest.h>

#include "tests/keras/expect_error.h"
#include "tests/keras/metrics/update.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::metrics {
namespace {

using tests::error_text;
using tests::updated;

const bool samples = tests::register_keras_samples([] {
  const Array t{{0.f, 1.f, 0.f}, {0.f, 0.f, 1.f}}, p{{0.2f, 0.5f, 0.3f}, {0.4f, 0.15f, 0.45f}};
  return tests::KerasSamples{
      {"metric", "FBetaScore",
       R"({"name": "n", "dtype": "float32", "average": "weighted", "beta": 2.0, "threshold": 0.25})", true, t, p},
      {"metric", "F1Score", R"({"name": "n", "dtype": "float32", "average": "micro", "threshold": 0.25})", true, t, p}};
});

const Array kTrue{{1, 1, 1}, {1, 0, 0}, {1, 1, 0}};
const Array kPred{{0.2f, 0.6f, 0.7f}, {0.2f, 0.6f, 0.6f}, {0.6f, 0.8f, 0.f}};

// The examples of Keras' documentation, which gives these results.
TEST(FScoreTest, AreThoseOfKerasExamples) {
  EXPECT_TRUE(allclose(updated(FBetaScore({.beta = 2, .threshold = 0.5}), kTrue, kPred),
                       Array{0.3846154f, 0.90909094f, 0.8333334f}, 1e-5, 0));
  EXPECT_TRUE(allclose(updated(F1Score({.threshold = 0.5}), kTrue, kPred), Array{0.5f, 0.8f, 0.6666667f}, 1e-5, 0));
}

TEST(FScoreTest, AveragesClasses) {
  const auto score = [](const char* average) {
    return updated(F1Score({.average = average, .threshold = 0.5}), kTrue, kPred).item<float>();
  };
  EXPECT_NEAR(score("macro"), (0.5 + 0.8 + 2. / 3) / 3, 1e-5);
  EXPECT_NEAR(score("weighted"), (3 * 0.5 + 2 * 0.8 + 1 * 2. / 3) / 6, 1e-5);
  EXPECT_NEAR(score("micro"), 2. * 4 / (2 * 4 + 2 + 2), 1e-5) << "4 true positives, 2 false ones of each kind";
  EXPECT_NEAR(updated(F1Score("micro"), Array{{1, 0}, {0, 1}}, Array{{0.6f, 0.4f}, {0.7f, 0.3f}}).item<float>(), 0.5,
              1e-5)
      << "the greatest of each row";
}

TEST(FScoreTest, WithoutAThresholdZerosAreNotPositive) {
  EXPECT_TRUE(array_equal(updated(F1Score(), Array{{1, 1}}, Array{{0.f, 0.f}}), Array{0.f, 0.f}));
}

TEST(FScoreTest, WeighsSamples) {
  const Array t{{1, 0}, {0, 1}, {1, 0}}, p{{0.9f, 0.1f}, {0.8f, 0.2f}, {0.3f, 0.7f}};
  // Class 0: 3 right, 1 wrong, 2 missed.
  const double want = 2 * 3. / (2 * 3 + 1 + 2);
  for (const Array& weights :
       {Array{3.f, 1.f, 2.f}, Array{{3.f}, {1.f}, {2.f}}, Array{{3.f, 3.f}, {1.f, 1.f}, {2.f, 2.f}}})
    EXPECT_NEAR(updated(F1Score(), t, p, weights).data<float>()[0], want, 1e-5) << weights.shape();
}

TEST(FScoreTest, HasNoFigureOfAnyClassBeforeABatch) {
  EXPECT_EQ(F1Score()->result().item<float>(), 0);
  const F1Score metric;
  updated(metric, kTrue, kPred);
  metric->reset_state();
  EXPECT_TRUE(array_equal(metric->result(), Array{0.f, 0.f, 0.f}));
}

TEST(FScoreTest, SaysWhatIsWrong) {
  EXPECT_EQ(error_text<ValueError>([] { F1Score("mean"); }),
            "metric 'f1_score': `average` must be none, 'micro', 'macro' or 'weighted', got 'mean'");
  EXPECT_EQ(error_text<ValueError>([] { FBetaScore({.beta = 0}); }),
            "metric 'fbeta_score': `beta` must be above 0, got 0");
  EXPECT_EQ(error_text<ValueError>([] { FBetaScore({.threshold = 1.5}); }),
            "metric 'fbeta_score': `threshold` must be above 0 and at most 1, got 1.5");
  EXPECT_EQ(error_text<ShapeError>([] {
              updated(F1Score(), Array{1, 0}, Array{1.f, 0.f});
            }),
            "metric 'f1_score' takes targets and predictions of shape (samples, outputs), got shapes (2,) and (2,)");
  EXPECT_EQ(error_text<ShapeError>([] {
              const F1Score metric;
              updated(metric, kTrue, kPred);
              updated(metric, Array{{1, 0}}, Array{{1.f, 0.f}});
            }),
            "metric 'f1_score': expected 3 outputs, got predictions of shape (1, 2)");
  EXPECT_EQ(error_text<ShapeError>([] {
              updated(F1Score(), kTrue, kPred, Array{1.f, 2.f});
            }),
            "metric 'f1_score': sample weights of shape (2,) do not fit predictions of shape (3, 3)");
}

}  // namespace
}  // namespace cornu::keras::metrics
