#pragma once

#include "cornu/keras/metrics/mean_metric_wrapper.h"

namespace cornu::keras::metrics {

using MeanSquaredErrorConfig = MetricConfig<"mean_squared_error">;
Tensor mean_squared_error(const Tensor& y_true, const Tensor& y_pred, const MeanSquaredErrorConfig& config = {});
using MeanSquaredErrorMetric = MeanOf<MeanSquaredErrorConfig, mean_squared_error, kDown>;
/// The mean of (y_true - y_pred)^2: (…, n), (…, n). Keras: `MeanSquaredError`.
using MeanSquaredError = Handle<MeanSquaredErrorMetric>;

using MeanAbsoluteErrorConfig = MetricConfig<"mean_absolute_error">;
Tensor mean_absolute_error(const Tensor& y_true, const Tensor& y_pred, const MeanAbsoluteErrorConfig& config = {});
using MeanAbsoluteErrorMetric = MeanOf<MeanAbsoluteErrorConfig, mean_absolute_error, kDown>;
/// The mean of |y_true - y_pred|: (…, n), (…, n). Keras: `MeanAbsoluteError`.
using MeanAbsoluteError = Handle<MeanAbsoluteErrorMetric>;

using RootMeanSquaredErrorConfig = MetricConfig<"root_mean_squared_error">;
Tensor squared_error(const Tensor& y_true, const Tensor& y_pred, const RootMeanSquaredErrorConfig& config = {});
class CORNU_EXPORT RootMeanSquaredErrorMetric : public MeanOf<RootMeanSquaredErrorConfig, squared_error, kDown> {
 public:
  using MeanOf::MeanOf;
  Array result() const override;
  bool heeds_mask() const override { return false; }
};
/// The square root of the mean of (y_true - y_pred)^2: (…), (…). Keras: `RootMeanSquaredError`.
using RootMeanSquaredError = Handle<RootMeanSquaredErrorMetric>;

}  // namespace cornu::keras::metrics
