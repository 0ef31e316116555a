#pragma once

#include "cornu/keras/metrics/metric.h"

namespace cornu::keras::metrics {

using MeanConfig = MetricConfig<"mean">;
class CORNU_EXPORT MeanMetric : public Configured<Metric, MeanConfig> {
 public:
  using Configured::Configured;
  void update_state(const Tensor& values, const Tensor& y_pred, const Tensor& sample_weight, Context& ctx) override;
  Array result() const override;

 private:
  Variable total_ = add_variable({}, "total"), count_ = add_variable({}, "count");
};
/// The (weighted) mean of values over samples: `update_state(values, {}, sample_weight, ctx)`. Keras: `Mean`. Values of
/// rank 2 and more are averaged over all axes but the first, or but those of the sample weights before they are
/// weighted. Throws ValueError if predictions are given.
using Mean = Handle<MeanMetric>;

using SumConfig = MetricConfig<"sum">;
class CORNU_EXPORT SumMetric : public Configured<Metric, SumConfig> {
 public:
  using Configured::Configured;
  void update_state(const Tensor& values, const Tensor& y_pred, const Tensor& sample_weight, Context& ctx) override;
  Array result() const override;

 private:
  Variable total_ = add_variable({}, "total");
};
/// The (weighted) sum of values: `update_state(values, {}, sample_weight, ctx)`. Keras: `Sum`. Throws ValueError if
/// predictions are given.
using Sum = Handle<SumMetric>;

}  // namespace cornu::keras::metrics
