#include "cornu/keras/metrics/hinge.h"

#include <gtest/gtest.h>

#include "tests/keras/metrics/update.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::metrics {
namespace {

using tests::updated;

const bool samples = tests::register_keras_samples([] {
  const Array t{{-1.f, 1.f, -1.f}, {1.f, -1.f, -1.f}}, p{{0.2f, 0.5f, -0.3f}, {0.4f, 0.15f, 0.45f}};
  tests::KerasSamples list;
  for (const char* name : {"Hinge", "SquaredHinge", "CategoricalHinge"})
    list.push_back({"metric", name, R"({"name": "n", "dtype": "float32"})", true, t, p});
  return list;
});

// The examples of Keras' documentation, which gives these results.
TEST(HingeMetricsTest, AreThoseOfKerasExamples) {
  const Array t{{0, 1}, {0, 0}}, p{{0.6f, 0.4f}, {0.4f, 0.6f}}, first{1, 0};
  EXPECT_NEAR(updated(Hinge(), t, p).item<float>(), 1.3f, 1e-6);
  EXPECT_NEAR(updated(Hinge(), t, p, first).item<float>(), 1.1f, 1e-6);
  EXPECT_NEAR(updated(SquaredHinge(), t, p).item<float>(), 1.86f, 1e-6);
  EXPECT_NEAR(updated(SquaredHinge(), t, p, first).item<float>(), 1.46f, 1e-6);
  EXPECT_NEAR(updated(CategoricalHinge(), t, p).item<float>(), 1.4f, 1e-6);
  EXPECT_NEAR(updated(CategoricalHinge(), t, p, first).item<float>(), 1.2f, 1e-6);
}

TEST(HingeMetricsTest, AreFoundByName) {
  for (const char* name : {"hinge", "squared_hinge", "categorical_hinge"})
    EXPECT_EQ(Metric::from_name(name)->name(), name);
}

}  // namespace
}  // namespace cornu::keras::metrics
