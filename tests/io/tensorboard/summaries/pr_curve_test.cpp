#include "cornu/io/tensorboard/summaries/pr_curve.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/io/mutations.h"

namespace cornu::io::tensorboard::summaries {
namespace {

using graph::Array;
using graph::Shape;
using graph::ShapeError;
using graph::TypeError;
using graph::ValueError;
using tests::error_text;
using tests::from_hex;

const Array kLabels{1, 0, 1, 0, 1};
const Array kPredictions{1.f, 0.f, 0.5f, 0.75f, 0.2f};

TEST(PrCurveSummary, CountsAtEachThreshold) {
  const Summary s = pr_curve("pr", kLabels, kPredictions, {.num_thresholds = 5});  // 0, 0.25, 0.5, 0.75, 1
  EXPECT_EQ(s.plugin, "pr_curves");
  EXPECT_EQ(s.content, from_hex("1005"));
  EXPECT_EQ(s.data_class, DataClass::tensor);
  EXPECT_EQ(s.numbers->dtype(), graph::float32);
  const Array expected{{3.f, 2.f, 2.f, 1.f, 1.f},           {2.f, 1.f, 1.f, 1.f, 0.f},
                       {0.f, 1.f, 1.f, 1.f, 2.f},           {0.f, 1.f, 1.f, 2.f, 2.f},
                       {0.6f, 2.f / 3, 2.f / 3, 0.5f, 1.f}, {1.f, 2.f / 3, 2.f / 3, 1.f / 3, 1.f / 3}};
  EXPECT_TRUE(allclose(*s.numbers, expected, 1e-6)) << *s.numbers;
}

TEST(PrCurveSummary, Has201ThresholdsUnlessTold) {
  const Summary s = pr_curve("pr", kLabels.astype(graph::bool_), kPredictions.astype(graph::float64));
  EXPECT_EQ(s.content, from_hex("10c901"));
  EXPECT_EQ(s.numbers->shape(), (Shape{6, 201}));
  EXPECT_EQ((*s.numbers)[0].data<float>()[40], 3);  // 0.2 is the threshold 40
  EXPECT_EQ((*s.numbers)[0].data<float>()[41], 2);
}

TEST(PrCurveSummary, CountsWithWeights) {
  const Array weights{0.5f, 2.f, 0.f, 3.f, 1.f};
  const Summary s = pr_curve("pr", kLabels.reshape({5, 1}), kPredictions, {.num_thresholds = 2, .weights = weights});
  const Array expected{{1.5f, 0.5f}, {5.f, 0.f}, {0.f, 5.f}, {0.f, 1.f}, {1.5f / 6.5f, 1.f}, {1.f, 1.f / 3}};
  EXPECT_TRUE(allclose(*s.numbers, expected, 1e-6)) << *s.numbers;
}

TEST(PrCurveSummary, IsZeroWhereNothingIsPositive) {
  const Summary s = pr_curve("pr", Array{0, 0}, Array{0.1f, 0.2f}, {.num_thresholds = 3});
  const Array expected{{0.f, 0.f, 0.f}, {2.f, 0.f, 0.f}, {0.f, 2.f, 2.f},
                       {0.f, 0.f, 0.f}, {0.f, 0.f, 0.f}, {0.f, 0.f, 0.f}};
  EXPECT_TRUE(array_equal(*s.numbers, expected)) << *s.numbers;
}

TEST(PrCurveSummary, ClipsWhatRoundingLeft) {
  const Summary s = pr_curve("pr", Array{1, 0}, Array{1.0000001f, -1e-7f}, {.num_thresholds = 2});
  EXPECT_EQ((*s.numbers)[0].data<float>()[1], 1);
  EXPECT_EQ((*s.numbers)[1].data<float>()[0], 1);
}

TEST(PrCurveSummary, RefusesWhatIsNoPrediction) {
  EXPECT_EQ(error_text<ValueError>([] { pr_curve("p", kLabels, kPredictions, {.num_thresholds = 1}); }),
            "[pr_curve \"p\"] needs at least 2 thresholds, got 1");
  EXPECT_EQ(error_text<ValueError>([] { pr_curve("p", kLabels, kPredictions, {.num_thresholds = -3}); }),
            "[pr_curve \"p\"] needs at least 2 thresholds, got -3");
  EXPECT_EQ(error_text<TypeError>([] { pr_curve("p", kLabels, kLabels); }),
            "[pr_curve \"p\"] needs predictions of a floating dtype, got int32");
  EXPECT_EQ(error_text<ShapeError>([] {
              pr_curve("p", Array{1, 0}, kPredictions);
            }),
            "[pr_curve \"p\"] needs a label for each prediction: labels of shape (2,), predictions of shape (5,)");
  EXPECT_EQ(error_text<ShapeError>([] { pr_curve("p", kLabels, kPredictions, {.weights = Array{1.f}}); }),
            "[pr_curve \"p\"] needs a weight for each label: labels of shape (5,), weights of shape (1,)");
  EXPECT_EQ(error_text<ValueError>([] { pr_curve("p", Array(), Array()); }),
            "[pr_curve \"p\"] needs at least one prediction");
  EXPECT_EQ(error_text<ValueError>([] { pr_curve("p", Array{2}, Array{0.5f}); }),
            "[pr_curve \"p\"] labels must be 0 or 1, got 2");
  EXPECT_EQ(error_text<ValueError>([] { pr_curve("p", Array{1}, Array{1.5f}); }),
            "[pr_curve \"p\"] predictions must be from 0 to 1, got 1.5");
  EXPECT_EQ(error_text<ValueError>([] { pr_curve("p", Array{1}, Array{NAN}); }),
            "[pr_curve \"p\"] predictions must be from 0 to 1, got nan");
  EXPECT_EQ(error_text<ValueError>([] { pr_curve("p", Array{1}, Array{1.f}, {.weights = Array{-1.f}}); }),
            "[pr_curve \"p\"] weights must be finite and not negative, got -1");
}

}  // namespace
}  // namespace cornu::io::tensorboard::summaries
