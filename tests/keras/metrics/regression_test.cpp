#include "cornu/keras/metrics/regression.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/keras/metrics/update.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::metrics {
namespace {

using tests::updated;

const bool samples = tests::register_keras_samples([] {
  const Array t{{0.f, 1.f, 0.f}, {0.f, 0.f, 1.f}}, p{{0.2f, 0.5f, 0.3f}, {0.4f, 0.15f, 0.45f}};
  tests::KerasSamples list;
  for (const char* name : {"MeanAbsolutePercentageError", "MeanSquaredLogarithmicError", "LogCoshError"})
    list.push_back({"metric", name, R"({"name": "n", "dtype": "float32"})", true, t, p});
  list.push_back({"metric", "CosineSimilarity", R"({"name": "n", "dtype": "float32", "axis": 1})", true, t, p});
  return list;
});

// The examples of Keras' documentation, which gives these results.
TEST(RegressionMetricsTest, AreThoseOfKerasExamples) {
  const Array t{{0, 1}, {0, 0}}, p{{1.f, 1.f}, {0.f, 0.f}}, first{1, 0};
  EXPECT_NEAR(updated(MeanSquaredLogarithmicError(), t, p).item<float>(), 0.12011322f, 1e-6);
  EXPECT_NEAR(updated(MeanSquaredLogarithmicError(), t, p, first).item<float>(), 0.24022643f, 1e-6);
  EXPECT_NEAR(updated(LogCoshError(), t, p).item<float>(), 0.10844523f, 1e-6);
  EXPECT_NEAR(updated(LogCoshError(), t, p, first).item<float>(), 0.21689045f, 1e-6);
  EXPECT_FLOAT_EQ(updated(MeanAbsolutePercentageError(), t, p).item<float>(), 250000000.f);
  EXPECT_FLOAT_EQ(updated(MeanAbsolutePercentageError(), t, p, first).item<float>(), 500000000.f);
}

TEST(CosineSimilarityMetricTest, IsThatOfKerasExamples) {
  const Array t{{0, 1}, {1, 1}}, p{{1.f, 0.f}, {1.f, 1.f}}, weights{0.3f, 0.7f};
  EXPECT_NEAR(updated(CosineSimilarity({.axis = 1}), t, p).item<float>(), 0.5f, 1e-6);
  EXPECT_NEAR(updated(CosineSimilarity({.axis = 1}), t, p, weights).item<float>(), 0.7f, 1e-6);
}

TEST(RegressionMetricsTest, AreFoundByEveryNameOfKeras) {
  const std::pair<const char*, const char*> names[] = {{"mape", "MeanAbsolutePercentageError"},
                                                       {"msle", "MeanSquaredLogarithmicError"},
                                                       {"MSLE", "MeanSquaredLogarithmicError"},
                                                       {"log_cosh_error", "LogCoshError"},
                                                       {"logcosh", "LogCoshError"},
                                                       {"cosine_similarity", "CosineSimilarity"},
                                                       {"cosine_proximity", "CosineSimilarity"}};
  for (const auto& [name, class_name] : names) EXPECT_EQ(Metric::from_name(name)->class_name(), class_name) << name;
  EXPECT_EQ(LogCoshError()->name(), "logcosh");
}

TEST(RegressionMetricsTest, KnowWhatIsBetter) {
  EXPECT_EQ(CosineSimilarity()->direction(), Metric::Direction::kUp);
  EXPECT_EQ(LogCoshError()->direction(), Metric::Direction::kDown);
}

TEST(LossFunctionsAsMetricsTest, AreTheMeansOfTheirValues) {
  const Array t{{0.f, 1.f}, {1.f, 1.f}}, p{{1.f, 3.f}, {1.f, 1.f}};
  const Arg<Metric> of_huber = huber, of_cosine = losses::cosine_similarity, of_log_cosh = losses::log_cosh;
  EXPECT_EQ(of_huber->name(), "huber");
  EXPECT_EQ(of_huber->direction(), Metric::Direction::kDown);
  EXPECT_FLOAT_EQ(updated(of_huber, t, p).item<float>(), (0.5f + 1.5f) / 4);
  EXPECT_EQ(of_cosine->name(), "cosine_similarity");
  EXPECT_LT(updated(of_cosine, t, p).item<float>(), -0.9f) << "the loss is the negative of the metric of that name";
  EXPECT_EQ(of_log_cosh->class_name(), "LogCoshError");
  EXPECT_EQ(of_log_cosh->name(), "log_cosh");
}

}  // namespace
}  // namespace cornu::keras::metrics
