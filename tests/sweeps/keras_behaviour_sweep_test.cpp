// What holds for every loss, metric and optimizer, checked with the samples that the classes' own tests register.

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "cornu/autodiff/gradient_check.h"
#include "cornu/keras/losses/loss.h"
#include "cornu/keras/metrics/mean_metric_wrapper.h"
#include "cornu/keras/metrics/metric.h"
#include "cornu/keras/optimizers/legacy/registry.h"
#include "cornu/keras/saving/config_json.h"
#include "tests/io/temporary_folder.h"
#include "tests/keras/optimizers/descent.h"
#include "tests/keras/saving/small_models.h"
#include "tests/support/copied_state.h"
#include "tests/support/evaluate.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras {
namespace {

using graph::Array;
using graph::Tensor;
using tests::evaluate;
using tests::KerasSample;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

Array row(const Array& x, std::int64_t i) { return x.slice(i, i + 1); }
Array with_nan_row(const Array& x, std::int64_t i) {
  Array changed = x.copy();
  Array nan_row = changed.slice(i, i + 1);
  nan_row += kNan;
  return changed;
}
bool equal(float a, float b) { return a == b || (std::isnan(a) && std::isnan(b)); }

class LossSweep : public testing::TestWithParam<KerasSample> {
 protected:
  Shared<losses::Loss> loss = losses::registry().make(GetParam().class_name);
  const Array t = GetParam().y_true, p = GetParam().y_pred;
  float reduced(const Array& y_true, const Array& y_pred, const Tensor& weight = {}, const Tensor& mask = {}) const {
    return evaluate((*loss)(y_true, y_pred, weight, mask)).item<float>();
  }
};

TEST_P(LossSweep, GradientsAreThoseOfItsValues) {
  const auto report = autodiff::gradient_check([&](const Tensor& y_pred) { return (*loss)(t, y_pred); }, {p});
  EXPECT_TRUE(report.passed) << report;
}

TEST_P(LossSweep, ValuesAreThoseOfEachRow) {
  const Array all = evaluate(loss->values(t, p));
  if (all.ndim() == 0) GTEST_SKIP() << "it is one number of all rows";
  ASSERT_EQ(all.shape().front(), t.shape().front());
  for (std::int64_t i = 0; i < t.shape().front(); ++i)
    EXPECT_TRUE(allclose(evaluate(loss->values(row(t, i), row(p, i))), row(all, i), 1e-6, 0)) << i;
  EXPECT_EQ(evaluate((*loss)(t.slice(0, 0), p.slice(0, 0))).shape(), graph::Shape{}) << "no rows";
}

TEST_P(LossSweep, MasksAndWeightsLeaveRowsOut) {
  if (evaluate(loss->values(t, p)).ndim() == 0) GTEST_SKIP() << "it is one number of all rows";
  const Array mask = Array{1, 0}.astype(graph::bool_);
  const float first = reduced(row(t, 0), row(p, 0));
  EXPECT_FLOAT_EQ(reduced(t, p, {}, mask), first);
  EXPECT_FLOAT_EQ(reduced(t, p, Array{2.f, 0.f}), first) << "divided by the number of rows";
  EXPECT_FLOAT_EQ(reduced(t, p, Array{1.f, 1.f}), reduced(t, p));
}

TEST_P(LossSweep, PredictionsInBfloat16AreConverted) {
  const Array rounded = p.astype(graph::bfloat16);
  EXPECT_EQ(reduced(t, rounded), reduced(t, rounded.astype(graph::float32)));
}

TEST_P(LossSweep, ANanStaysInItsRow) {
  const Array values = evaluate(loss->values(t, with_nan_row(p, 1)));
  if (values.ndim() > 0) {
    EXPECT_TRUE(array_equal(row(values, 0), row(evaluate(loss->values(t, p)), 0)));
    EXPECT_TRUE(std::isnan(row(values, 1).data<float>()[0]));
  }
  EXPECT_TRUE(std::isnan(reduced(t, with_nan_row(p, 1))));
}

std::string name_of(const testing::TestParamInfo<KerasSample>& info) { return info.param.class_name; }
// A loss that compares rows with each other has no data in its sample.
tests::KerasSamples losses_of_rows() {
  tests::KerasSamples list;
  for (const KerasSample& sample : tests::keras_samples("loss"))
    if (sample.y_pred.size() > 0) list.push_back(sample);
  return list;
}
INSTANTIATE_TEST_SUITE_P(All, LossSweep, testing::ValuesIn(losses_of_rows()), name_of);

class MetricSweep : public testing::TestWithParam<KerasSample> {
 protected:
  using Metric = metrics::Metric;
  const Array t = GetParam().y_true, p = GetParam().y_pred;
  const bool alone = p.size() == 0;  // takes values, not targets and predictions
  const bool takes_class_numbers = GetParam().config.find("from_sorted_ids") != std::string::npos ||
                                   GetParam().config.find(R"("sparse_y_pred": true)") != std::string::npos;

  Shared<Metric> make() const {
    // With its arguments, where it cannot do without or they say what the sample's predictions are.
    if (!takes_class_numbers) {
      try {
        return metrics::registry().make(GetParam().class_name);
      } catch (const ValueError&) {
      }
    }
    return saving::deserialize(metrics::registry(), R"({"class_name": ")" + GetParam().class_name + R"(", "config": )" +
                                                        GetParam().config + "}");
  }
  void update(Metric& metric, const Array& y_true, const Array& y_pred, const Tensor& weight = {}) const {
    Context ctx;
    metric.update_state(y_true, alone ? Tensor() : Tensor(y_pred), weight, ctx);
    tests::run(ctx);
  }
  void update_row(Metric& metric, std::int64_t i) const { update(metric, row(t, i), alone ? p : row(p, i)); }
  /// Of a metric that has several figures their sum.
  static float result(const Shared<Metric>& metric) { return graph::sum(metric->result()).item<float>(); }
};

TEST_P(MetricSweep, BatchesOfAnySizeAddUp) {
  const auto together = make(), apart = make();
  update(*together, t, p);
  for (std::int64_t i = 0; i < t.shape().front(); ++i) update_row(*apart, i);
  EXPECT_FLOAT_EQ(result(together), result(apart));
  update(*apart, t.slice(0, 0), alone ? p : p.slice(0, 0));
  EXPECT_FLOAT_EQ(result(together), result(apart)) << "no rows change nothing";
  apart->reset_state();
  EXPECT_EQ(result(apart), 0.f);
}

TEST_P(MetricSweep, AWeightOfZeroLeavesARowOut) {
  const auto weighted = make(), first = make();
  update(*weighted, t, p, Array{1.f, 0.f});
  update_row(*first, 0);
  EXPECT_FLOAT_EQ(result(weighted), result(first));
}

TEST_P(MetricSweep, PredictionsInBfloat16CountAsTheirNumbers) {
  if (alone) GTEST_SKIP() << "it takes no predictions";
  const Array rounded = p.astype(graph::bfloat16);
  const auto narrow = make(), wide = make();
  update(*narrow, t, rounded);
  update(*wide, t, rounded.astype(graph::float32));
  EXPECT_NEAR(result(narrow), result(wide), 1e-2 * std::abs(result(wide)));
}

TEST_P(MetricSweep, ANanIsNeverAGain) {
  if (alone || takes_class_numbers) GTEST_SKIP() << "it takes no scores";
  const auto with = make(), apart = make();
  const Array q = with_nan_row(p, 1);
  update(*with, t, q);
  update(*apart, row(t, 0), row(q, 0));
  update(*apart, row(t, 1), row(q, 1));
  EXPECT_TRUE(equal(result(with), result(apart))) << result(with) << " and " << result(apart);
  // A count goes up where another one goes down.
  const bool counts = !with.as<metrics::MeanMetricWrapper>();
  EXPECT_TRUE(counts || with->direction() == Metric::Direction::kUp || std::isnan(result(with)));
}

TEST_P(MetricSweep, GoesOnFromACopiedState) {
  const auto one = make(), other = make();
  update(*one, t, p);
  tests::CopiedState state;
  one->state(state);
  EXPECT_GT(state.size(), 0u);
  state.give();
  other->state(state);
  for (const auto& metric : {one, other}) update_row(*metric, 1);
  EXPECT_TRUE(array_equal(one->result(), other->result()));
}

INSTANTIATE_TEST_SUITE_P(All, MetricSweep, testing::ValuesIn(tests::keras_samples("metric")), name_of);

class OptimizerSweep : public testing::TestWithParam<KerasSample> {
 protected:
  Shared<optimizers::Optimizer> make() const {
    const bool legacy = GetParam().kind != "optimizer";
    std::string config = GetParam().config;
    const std::string base = legacy ? R"("name": "n", "decay": 0.25)"
                                    : R"("clipnorm": 2.0, "use_ema": true, "ema_momentum": 0.5, "name": "n")";
    const std::string mark = legacy ? "LEGACY" : "BASE";
    if (const auto at = config.find(mark); at != std::string::npos) config.replace(at, mark.size(), base);
    return saving::deserialize(legacy ? optimizers::legacy::registry() : optimizers::registry(),
                               R"({"class_name": ")" + GetParam().class_name + R"(", "config": )" + config + "}");
  }
  static std::vector<graph::Variable> weights() {
    // Of one name, as those of two models may be.
    return {graph::Variable(Array{1.f, -2.f}, "w"), graph::Variable(Array{{0.5f}}, "w")};
  }
  static void step(tests::Descent& descent, int i) {
    const float f = static_cast<float>(i);
    descent.step({Array{0.5f - f, 0.25f * f}, Array{{-1.f + 0.5f * f}}});
  }
};

TEST_P(OptimizerSweep, GoesOnFromACopiedState) {
  tests::Descent one(make(), weights()), other(make(), weights());
  for (int i = 0; i < 3; ++i) step(one, i);
  EXPECT_NE(one.value(), 1.f);
  other.optimizer->build(other.variables);
  tests::CopiedState state;
  one.optimizer->state(state);
  EXPECT_GE(state.size(), 2u);
  state.give();
  other.optimizer->state(state);
  for (std::size_t v = 0; v < one.variables.size(); ++v) other.variables[v].assign(one.variables[v].value());
  for (int i = 3; i < 5; ++i) step(one, i), step(other, i);
  for (std::size_t v = 0; v < one.variables.size(); ++v)
    EXPECT_TRUE(array_equal(one.variables[v].value(), other.variables[v].value())) << v;
  EXPECT_EQ(other.optimizer->iterations(), 5);
}

TEST_P(OptimizerSweep, ANanReachesTheWeights) {
  tests::Descent descent(make(), weights());
  descent.step({Array{kNan, 1.f}, Array{{1.f}}});
  // An optimizer that guards another one leaves such a step out.
  const bool left_out = &descent.optimizer->stepping() != descent.optimizer.get();
  EXPECT_EQ(std::isnan(descent.value()), !left_out) << "and is not hidden by a comparison that is false";
}

TEST_P(OptimizerSweep, GoesOnFromAFile) {
  tests::TemporaryFolder folder;
  if (!GetParam().in_keras2) return;  // whose form files have
  auto model = tests::small_network();
  model.compile({.optimizer = make(), .loss = "mse"});
  const auto train = [](models::Model& m) { m.train_on_batch(tests::some_inputs(), tests::some_classes()); };
  for (int i = 0; i < 3; ++i) train(model);
  model.save(folder / "model.h5");
  models::Model loaded = models::load_model(folder / "model.h5");
  EXPECT_EQ(loaded.optimizer()->class_name(), GetParam().class_name);
  EXPECT_EQ(loaded.optimizer()->iterations(), 3);
  for (int i = 0; i < 2; ++i) train(model), train(loaded);
  EXPECT_TRUE(tests::equal_bits(model.get_weights(), loaded.get_weights()));
}

INSTANTIATE_TEST_SUITE_P(Keras3, OptimizerSweep, testing::ValuesIn(tests::keras_samples("optimizer")), name_of);
INSTANTIATE_TEST_SUITE_P(Legacy, OptimizerSweep, testing::ValuesIn(tests::keras_samples("legacy optimizer")), name_of);

}  // namespace
}  // namespace cornu::keras
