#include "cornu/keras/metrics/r2_score.h"

#include <gtest/gtest.h>

#include <iostream>

#include "tests/keras/expect_error.h"
#include "tests/keras/metrics/update.h"
#include "tests/support/captured_stream.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::metrics {
namespace {

using tests::error_text;
using tests::updated;

const bool samples = tests::register_keras_samples([] {
  const Array t{{0.f, 1.f, 0.f}, {0.f, 0.f, 1.f}}, p{{0.2f, 0.5f, 0.3f}, {0.4f, 0.15f, 0.45f}};
  return tests::KerasSamples{
      {"metric", "R2Score",
       R"({"name": "n", "dtype": "float32", "class_aggregation": "variance_weighted_average", "num_regressors": 1})",
       true, t, p}};
});

const Array kTrue{{1.f}, {4.f}, {3.f}}, kPred{{2.f}, {4.f}, {4.f}};

// Keras' documentation gives this result.
TEST(R2ScoreTest, IsThatOfKerasExample) {
  EXPECT_NEAR(updated(R2Score(), kTrue, kPred).item<float>(), 0.57142854f, 1e-6);
}

TEST(R2ScoreTest, AggregatesOutputs) {
  // The second output varies more, and is what the mean would be.
  const Array t{{1.f, 0.f}, {4.f, 8.f}, {3.f, 4.f}}, p{{2.f, 4.f}, {4.f, 4.f}, {4.f, 4.f}};
  const double first = 4. / 7, v1 = 14. / 3, v2 = 32;
  EXPECT_TRUE(
      allclose(updated(R2Score({.class_aggregation = ""}), t, p), Array{first, 0.}.astype(graph::float32), 1e-5, 1e-6));
  EXPECT_NEAR(updated(R2Score(), t, p).item<float>(), first / 2, 1e-5);
  EXPECT_NEAR(updated(R2Score("variance_weighted_average"), t, p).item<float>(), first * v1 / (v1 + v2), 1e-5);
}

TEST(R2ScoreTest, WeighsSamples) {
  const R2Score weighted, repeated;
  updated(weighted, kTrue, kPred, Array{2.f, 1.f, 0.f});
  updated(repeated, Array{{1.f}, {1.f}, {4.f}}, Array{{2.f}, {2.f}, {4.f}});
  EXPECT_FLOAT_EQ(weighted->result().item<float>(), repeated->result().item<float>());
}

TEST(R2ScoreTest, IsAdjustedForPredictors) {
  EXPECT_NEAR(updated(R2Score({.num_regressors = 1}), kTrue, kPred).item<float>(), 1 - (3. / 7) * 2 / 1, 1e-5);
  const tests::CapturedStream errors(std::cerr);
  EXPECT_NEAR(updated(R2Score({.num_regressors = 2}), kTrue, kPred).item<float>(), 4. / 7, 1e-5);
  EXPECT_NE(errors.text().find("metric 'r2_score': 3 data are too few to adjust the score for 2 predictors"),
            std::string::npos)
      << errors.text();
}

TEST(R2ScoreTest, OfTargetsThatDoNotVaryIsZero) {
  EXPECT_EQ(updated(R2Score(), Array{{2.f}, {2.f}}, Array{{1.f}, {3.f}}).item<float>(), 0);
  EXPECT_EQ(R2Score()->result().item<float>(), 0) << "before any batch";
}

TEST(R2ScoreTest, SaysWhatIsWrong) {
  EXPECT_EQ(
      error_text<ValueError>([] { R2Score("median"); }),
      "metric 'r2_score': `class_aggregation` must be none, 'uniform_average' or 'variance_weighted_average', got "
      "'median'");
  EXPECT_EQ(error_text<ValueError>([] { R2Score({.num_regressors = -1}); }),
            "metric 'r2_score': `num_regressors` must not be negative, got -1");
  EXPECT_EQ(error_text<ShapeError>([] {
              updated(R2Score(), Array{1.f, 0.f}, Array{1.f, 0.f});
            }),
            "metric 'r2_score' takes targets and predictions of shape (samples, outputs), got shapes (2,) and (2,)");
}

}  // namespace
}  // namespace cornu::keras::metrics
