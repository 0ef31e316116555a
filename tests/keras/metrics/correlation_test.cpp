#include "cornu/keras/metrics/correlation.h"

#include <gtest/gtest.h>

#include "tests/keras/metrics/update.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::metrics {
namespace {

using tests::updated;

const bool samples = tests::register_keras_samples([] {
  const Array t{{0.f, 1.f, 0.f}, {0.f, 0.f, 1.f}}, p{{0.2f, 0.5f, 0.3f}, {0.4f, 0.15f, 0.45f}};
  tests::KerasSamples list;
  for (const char* name : {"PearsonCorrelation", "ConcordanceCorrelation"})
    list.push_back({"metric", name, R"({"name": "n", "dtype": "float32", "axis": 1})", false, t, p});
  return list;
});

// Keras' documentation gives these results.
TEST(CorrelationTest, AreThoseOfKerasExamples) {
  const Array t{{0.f, 1.f, 0.5f}, {1.f, 1.f, 0.2f}}, p{{0.1f, 0.9f, 0.5f}, {1.f, 0.9f, 0.2f}};
  EXPECT_NEAR(updated(PearsonCorrelation(), t, p).item<float>(), 0.9966996f, 1e-5);
  EXPECT_NEAR(updated(ConcordanceCorrelation(), t, p).item<float>(), 0.9816320f, 1e-5);
}

TEST(CorrelationTest, ConcordanceFallsWithTheDistance) {
  const Array t{{1.f, 2.f, 3.f}};
  EXPECT_NEAR(updated(PearsonCorrelation(), t, t * 2 + 5).item<float>(), 1, 1e-5);
  EXPECT_NEAR(updated(PearsonCorrelation(), t, t * -1).item<float>(), -1, 1e-5);
  EXPECT_NEAR(updated(ConcordanceCorrelation(), t, t).item<float>(), 1, 1e-5);
  // Twice a covariance of 2 / 3 by variances of 2 / 3 each and a squared distance of 1.
  EXPECT_NEAR(updated(ConcordanceCorrelation(), t, t + 1).item<float>(), 4. / 7, 1e-5);
}

TEST(CorrelationTest, OfNumbersThatDoNotVaryIsZero) {
  const Array t{{1.f, 2.f, 3.f}}, p{{2.f, 2.f, 2.f}};
  EXPECT_EQ(updated(PearsonCorrelation(), t, p).item<float>(), 0);
  EXPECT_EQ(updated(ConcordanceCorrelation(), t, p).item<float>(), 0);
}

TEST(CorrelationTest, GoesOverSeveralAxes) {
  const Array t = Array{1.f, 2.f, 3.f, 4.f}.reshape({1, 2, 2}), p = Array{1.f, 3.f, 2.f, 5.f}.reshape({1, 2, 2});
  EXPECT_NEAR(updated(PearsonCorrelation({.axis = {1, 2}}), t, p).item<float>(),
              updated(PearsonCorrelation(), t.reshape({1, 4}), p.reshape({1, 4})).item<float>(), 1e-6);
}

}  // namespace
}  // namespace cornu::keras::metrics
