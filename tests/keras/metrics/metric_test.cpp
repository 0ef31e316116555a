#include "cornu/keras/metrics/metric.h"

#include <gmock/gmock.h>

#include "cornu/keras/losses/regression.h"
#include "cornu/keras/metrics/accuracy.h"
#include "cornu/keras/metrics/by_shape.h"
#include "cornu/keras/metrics/reduction.h"
#include "cornu/keras/metrics/regression.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "tests/support/evaluate.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::metrics {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {"metric", "Mean", R"({"name": "n", "dtype": "float32"})", true, graph::Array{1.f, 2.f}},
      {"metric", "Sum", R"({"name": "n", "dtype": "float32"})", true, graph::Array{1.f, 2.f}},
      {"metric", "accuracy", "{}", false, graph::Array{{0.f, 1.f, 0.f}, {0.f, 0.f, 1.f}},
       graph::Array{{0.2f, 0.5f, 0.3f}, {0.4f, 0.15f, 0.45f}}},
      {"metric", "crossentropy", "{}", false, graph::Array{{0.f, 1.f, 0.f}, {0.f, 0.f, 1.f}},
       graph::Array{{0.2f, 0.5f, 0.3f}, {0.4f, 0.15f, 0.45f}}},
  };
});

void update(Metric& metric, const Array& t, const Array& p, const Tensor& weights = {}) {
  Context ctx;
  metric.update_state(t, p, weights, ctx);
  tests::run(ctx);
}
void update_values(Metric& metric, const Array& values, const Tensor& weights = {}) {
  Context ctx;
  metric.update_state(values, {}, weights, ctx);
  tests::run(ctx);
}
float result(const Metric& metric) { return metric.result().item<float>(); }

TEST(Metric, AccumulatesOverBatchesUntilItIsReset) {
  MeanSquaredErrorMetric metric;
  EXPECT_EQ(result(metric), 0.f) << "before any batch";
  update(metric, Array{{1.f}, {1.f}, {1.f}}, Array{{1.f}, {1.f}, {4.f}});
  EXPECT_FLOAT_EQ(result(metric), 3.f);
  update(metric, Array{{0.f}}, Array{{1.f}});
  EXPECT_FLOAT_EQ(result(metric), 10.f / 4) << "samples count, not batches";
  metric.reset_state();
  EXPECT_EQ(result(metric), 0.f);
  update(metric, Array{{0.f}}, Array{{2.f}});
  EXPECT_FLOAT_EQ(result(metric), 4.f);
}

TEST(Metric, TwoUpdatesInOneStepAddUp) {
  SumMetric metric;
  Context ctx;
  metric.update_state(Array{1.f, 2.f}, {}, {}, ctx);
  metric.update_state(Array{3.f}, {}, {}, ctx);
  tests::run(ctx);
  EXPECT_FLOAT_EQ(result(metric), 6.f);
}

TEST(Mean, WeighsSamples) {
  MeanMetric metric;
  update_values(metric, Array{1.f, 3.f, 5.f, 7.f}, Array{1.f, 1.f, 0.f, 0.f});
  EXPECT_FLOAT_EQ(result(metric), 2.f);
}

TEST(Mean, AveragesFurtherAxesBeforeItWeighs) {
  MeanMetric metric;
  update_values(metric, Array{{1.f, 3.f}, {10.f, 20.f}}, Array{1.f, 3.f});
  EXPECT_FLOAT_EQ(result(metric), (2.f + 3 * 15.f) / 4);
  metric.reset_state();
  update_values(metric, Array{{1.f, 3.f}, {10.f, 20.f}}, Array{{1.f, 1.f}, {0.f, 1.f}});  // a weight for each step
  EXPECT_FLOAT_EQ(result(metric), (2.f + 10.f) / (1.f + 0.5f));
}

TEST(Mean, AScalarIsOneSample) {
  MeanMetric metric;
  update_values(metric, Array::scalar(4.f));
  update_values(metric, Array::scalar(6.f));
  EXPECT_FLOAT_EQ(result(metric), 5.f);
}

TEST(Sum, AddsWeightedValues) {
  SumMetric metric;
  update_values(metric, Array{{1.f, 3.f}, {5.f, 7.f}});
  update_values(metric, Array{1.f, 3.f}, Array{2.f, 0.f});
  EXPECT_FLOAT_EQ(result(metric), 18.f);
}

TEST(Metric, RefusesWeightsThatDoNotFit) {
  MeanSquaredErrorMetric metric;
  EXPECT_THAT(
      [&] {
        update(metric, graph::zeros({3, 1}), graph::zeros({3, 1}), Array{1.f, 2.f});
      },
      ThrowsMessage<ShapeError>(AllOf(HasSubstr("metric 'mean_squared_error'"), HasSubstr("(2,)"), HasSubstr("(3,)"))));
}

TEST(Metric, MeanAndSumRefuseTargetsAndPredictions) {
  MeanMetric metric;
  EXPECT_THAT([&] { update(metric, Array{1.f}, Array{1.f}); },
              ThrowsMessage<ValueError>(HasSubstr("metric 'mean' (Mean) takes values")));
}

TEST(Metric, IsFoundByEveryNameOfKerasAndNamedAsAsked) {
  for (const char* name : {"mse", "MSE", "mean_squared_error", "MeanSquaredError"}) {
    EXPECT_EQ(Metric::from_name(name)->class_name(), "MeanSquaredError");
    EXPECT_EQ(Metric::from_name(name)->name(), name);
  }
  for (const char* name : {"mae", "MAE", "mean_absolute_error"})
    EXPECT_EQ(Metric::from_name(name)->class_name(), "MeanAbsoluteError");
  for (const char* name : {"bce", "BCE", "binary_crossentropy"})
    EXPECT_EQ(Metric::from_name(name)->class_name(), "BinaryCrossentropy");
  for (const char* name : {"Mean", "Sum", "BinaryAccuracy", "CategoricalAccuracy", "SparseCategoricalAccuracy",
                           "RootMeanSquaredError", "CategoricalCrossentropy", "SparseCategoricalCrossentropy"})
    EXPECT_EQ(Metric::from_name(name)->class_name(), name);
  EXPECT_EQ(registry().find("mse").aliases.front(), "mean_squared_error") << "files hold the long name";
  EXPECT_THAT([] { Metric::from_name("acuracy"); },
              ThrowsMessage<ValueError>(AllOf(HasSubstr("unknown metric 'acuracy'"), HasSubstr("accuracy"))));
  EXPECT_THROW(Metric::from_name(""), ValueError);
}

TEST(Metric, AccuracyIsWhatShapesTellOf) {
  const auto resolved = [](const char* name, const Shape& t, const Shape& p) {
    const Shared<Metric> metric = resolve(Metric::from_name(name), {graph::float32, t}, {graph::float32, p});
    EXPECT_EQ(metric->name(), name) << "logged as it was asked";
    return metric->class_name();
  };
  EXPECT_EQ(resolved("accuracy", {4, 1}, {4, 1}), "BinaryAccuracy");
  EXPECT_EQ(resolved("acc", {4}, {4, 1}), "BinaryAccuracy");
  EXPECT_EQ(resolved("acc", {4}, {4, 10}), "SparseCategoricalAccuracy");
  EXPECT_EQ(resolved("Accuracy", {4, 1}, {4, 10}), "SparseCategoricalAccuracy");
  EXPECT_EQ(resolved("accuracy", {4, 10}, {4, 10}), "CategoricalAccuracy");
  EXPECT_EQ(resolved("ce", {4, 10}, {4, 10}), "CategoricalCrossentropy");
  EXPECT_EQ(resolved("crossentropy", {4}, {4, 10}), "SparseCategoricalCrossentropy");
  const Shared<Metric> given = Accuracy();
  EXPECT_EQ(resolve(given, {}, {}), given) << "an object is what it is";
}

TEST(Metric, AccuracyWorksUnresolved) {
  const Shared<Metric> metric = Metric::from_name("acc");
  update(*metric, Array{2, 0}, Array{{0.f, 0.1f, 0.9f}, {0.f, 1.f, 0.f}});
  EXPECT_FLOAT_EQ(result(*metric), 0.5f);
}

TEST(Metric, IsAHandleThatSharesItsState) {
  const BinaryAccuracy one({.threshold = 0.3});
  const Arg<Metric> two = one;
  update(*two, Array{1.f, 0.f}, Array{0.4f, 0.4f});
  EXPECT_FLOAT_EQ(result(*one), 0.5f);
}

TEST(Metric, IsMadeOfLambdasAndLosses) {
  const Arg<Metric> lambda = [](const Tensor& t, const Tensor& p) { return ops::abs(t - p); };
  EXPECT_EQ(lambda->name(), "metric");
  update(*lambda, Array{{1.f, 2.f}, {3.f, 4.f}}, Array{{1.f, 2.f}, {3.f, 8.f}});
  EXPECT_FLOAT_EQ(result(*lambda), 1.f);

  const Arg<Metric> loss = losses::MeanAbsoluteError({.name = "distance"});
  EXPECT_EQ(loss->name(), "distance");
  update(*loss, Array{{1.f}, {3.f}}, Array{{2.f}, {6.f}});
  EXPECT_FLOAT_EQ(result(*loss), 2.f);

  const Arg<Metric> function = losses::mean_absolute_error;
  EXPECT_EQ(function->class_name(), "MeanAbsoluteError");
  EXPECT_EQ(function->name(), "mean_absolute_error");
}

TEST(Metric, RefusesOtherDtypes) {
  EXPECT_THAT([] { Accuracy({.dtype = "float64"}); },
              ThrowsMessage<TypeError>(HasSubstr("metric 'accuracy' is computed in float32, got dtype 'float64'")));
}

}  // namespace
}  // namespace cornu::keras::metrics
