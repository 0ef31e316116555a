#include "cornu/keras/metrics/accuracy.h"

#include <gmock/gmock.h>

#include <cmath>

#include "cornu/keras/metrics/binary_accuracy.h"
#include "cornu/keras/metrics/binary_crossentropy.h"
#include "cornu/keras/metrics/categorical_accuracy.h"
#include "cornu/keras/metrics/categorical_crossentropy.h"
#include "cornu/keras/metrics/mean_absolute_error.h"
#include "cornu/keras/metrics/root_mean_squared_error.h"
#include "cornu/keras/metrics/sparse_categorical_accuracy.h"
#include "cornu/keras/metrics/sparse_categorical_crossentropy.h"
#include "tests/support/evaluate.h"

namespace cornu::keras::metrics {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

float of(Shared<Metric> metric, const Array& t, const Array& p, const Tensor& weights = {}) {
  Context ctx;
  metric->update_state(t, p, weights, ctx);
  tests::run(ctx);
  return metric->result().item<float>();
}

TEST(Accuracy, ComparesAsTheyAre) {
  EXPECT_FLOAT_EQ(of(Accuracy(), Array{1, 2, 3, 4}, Array{0, 2, 3, 4}), 0.75f);
  EXPECT_FLOAT_EQ(of(Accuracy(), Array{{1}, {2}}, Array{1.f, 0.f}), 0.5f);
}

TEST(BinaryAccuracy, ComparesWithTheThreshold) {
  EXPECT_FLOAT_EQ(of(BinaryAccuracy(), Array{1.f, 0.f, 1.f, 0.f}, Array{0.6f, 0.5f, 0.4f, 0.6f}), 0.5f)
      << "0.5 is not above 0.5";
  EXPECT_FLOAT_EQ(of(BinaryAccuracy({.threshold = 0.3}), Array{1, 0}, Array{{0.4f}, {0.2f}}), 1.f);
  EXPECT_FLOAT_EQ(of(BinaryAccuracy(), Array{1.f, 0.f}, Array{0.6f, 0.6f}, Array{3.f, 1.f}), 0.75f);
  EXPECT_THAT([] { BinaryAccuracy({.threshold = std::nan("")}); },
              ThrowsMessage<ValueError>(HasSubstr("[BinaryAccuracy] `threshold`")));
}

TEST(CategoricalAccuracy, ComparesTheMostProbableClasses) {
  const Array p{{0.1f, 0.9f, 0.f}, {0.5f, 0.3f, 0.2f}};
  EXPECT_FLOAT_EQ(of(CategoricalAccuracy(), Array{{0.f, 1.f, 0.f}, {0.f, 1.f, 0.f}}, p), 0.5f);
}

TEST(SparseCategoricalAccuracy, TakesLabelsFlatOrAsAColumn) {
  const Array p{{0.1f, 0.9f, 0.f}, {0.5f, 0.3f, 0.2f}};
  EXPECT_FLOAT_EQ(of(SparseCategoricalAccuracy(), Array{1, 2}, p), 0.5f);
  EXPECT_FLOAT_EQ(of(SparseCategoricalAccuracy(), Array{{1}, {0}}, p), 1.f);
  EXPECT_FLOAT_EQ(of(SparseCategoricalAccuracy(), Array{1.f, 0.f}, p, Array{0.f, 2.f}), 1.f);
}

TEST(Crossentropies, AreMeansOfTheLosses) {
  const Array p{{0.2f, 0.8f}, {0.6f, 0.4f}};
  const float want = -(std::log(0.8f) + std::log(0.6f)) / 2;
  EXPECT_NEAR(of(CategoricalCrossentropy(), Array{{0.f, 1.f}, {1.f, 0.f}}, p), want, 1e-6);
  EXPECT_NEAR(of(SparseCategoricalCrossentropy(), Array{1, 0}, p), want, 1e-6);
  EXPECT_NEAR(of(BinaryCrossentropy(), Array{{0.f, 1.f}, {1.f, 0.f}}, p), want, 1e-6);
  const Array logits{{0.f, std::log(4.f)}, {std::log(1.5f), 0.f}};
  EXPECT_NEAR(of(CategoricalCrossentropy({.from_logits = true}), Array{{0.f, 1.f}, {1.f, 0.f}}, logits), want, 1e-6);
}

TEST(SparseCategoricalCrossentropy, AnIgnoredClassCountsAsKerasCountsIt) {
  const Array p{{0.2f, 0.8f}, {0.6f, 0.4f}};
  EXPECT_NEAR(of(SparseCategoricalCrossentropy({.ignore_class = 0}), Array{1, 0}, p), -std::log(0.8f) / 2, 1e-6);
  EXPECT_NEAR(of(SparseCategoricalCrossentropy({.ignore_class = 0}), Array{1, 0}, p, Array{1.f, 1.f}), -std::log(0.8f),
              1e-6);
}

TEST(RootMeanSquaredError, IsTheRootOfTheMeanOverAllBatches) {
  const RootMeanSquaredError metric;
  EXPECT_FLOAT_EQ(of(metric, Array{0.f, 0.f}, Array{1.f, 7.f}), 5.f);
  EXPECT_FLOAT_EQ(of(metric, Array{{0.f}, {0.f}}, Array{5.f, 5.f}), 5.f);
}

TEST(MeanAbsoluteError, AveragesDistances) {
  EXPECT_FLOAT_EQ(of(MeanAbsoluteError(), Array{{1.f, 2.f}}, Array{{2.f, 5.f}}), 2.f);
}

}  // namespace
}  // namespace cornu::keras::metrics
