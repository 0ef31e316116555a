#include "cornu/keras/metrics/probabilistic.h"

#include <gtest/gtest.h>

#include "tests/keras/metrics/update.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::metrics {
namespace {

using tests::updated;

const bool samples = tests::register_keras_samples([] {
  const Array t{{0.1f, 0.7f, 0.2f}, {0.3f, 0.3f, 0.4f}}, p{{0.2f, 0.5f, 0.3f}, {0.4f, 0.15f, 0.45f}};
  tests::KerasSamples list;
  for (const char* name : {"KLDivergence", "Poisson"})
    list.push_back({"metric", name, R"({"name": "n", "dtype": "float32"})", true, t, p});
  return list;
});

// The examples of Keras' documentation, which gives these results.
TEST(ProbabilisticMetricsTest, AreThoseOfKerasExamples) {
  const Array t{{0, 1}, {0, 0}}, first{1, 0};
  const Array p{{0.6f, 0.4f}, {0.4f, 0.6f}}, q{{1.f, 1.f}, {0.f, 0.f}};
  EXPECT_NEAR(updated(KLDivergence(), t, p).item<float>(), 0.45814306f, 1e-6);
  EXPECT_NEAR(updated(KLDivergence(), t, p, first).item<float>(), 0.9162892f, 1e-6);
  EXPECT_NEAR(updated(Poisson(), t, q).item<float>(), 0.49999997f, 1e-6);
  EXPECT_NEAR(updated(Poisson(), t, q, first).item<float>(), 0.99999994f, 1e-6);
}

TEST(ProbabilisticMetricsTest, AreFoundByEveryNameOfKeras) {
  for (const char* name : {"kld", "KLD", "kl_divergence", "kullback_leibler_divergence"})
    EXPECT_EQ(Metric::from_name(name)->class_name(), "KLDivergence");
  EXPECT_EQ(Metric::from_name("poisson")->class_name(), "Poisson");
}

}  // namespace
}  // namespace cornu::keras::metrics
