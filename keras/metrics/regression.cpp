#include "cornu/keras/metrics/regression.h"

#include "cornu/keras/losses/regression.h"
#include "cornu/keras/losses/squeeze.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/cast.h"

namespace cornu::keras::metrics {

static const bool regression_registered =
    registry().add<MeanSquaredErrorMetric>("MeanSquaredError", {"mean_squared_error", "mse", "MSE"}) &&
    registry().add<MeanAbsoluteErrorMetric>("MeanAbsoluteError", {"mean_absolute_error", "mae", "MAE"}) &&
    registry().add<RootMeanSquaredErrorMetric>("RootMeanSquaredError", {"root_mean_squared_error"});

Tensor mean_squared_error(const Tensor& y_true, const Tensor& y_pred, const MeanSquaredErrorConfig&) {
  return losses::mean_squared_error(y_true, y_pred);
}

Tensor mean_absolute_error(const Tensor& y_true, const Tensor& y_pred, const MeanAbsoluteErrorConfig&) {
  return losses::mean_absolute_error(y_true, y_pred);
}

Tensor squared_error(const Tensor& y_true, const Tensor& y_pred, const RootMeanSquaredErrorConfig&) {
  const auto [t, p] =
      losses::squeeze_or_expand_to_same_rank(ops::cast(y_true, graph::float32), ops::cast(y_pred, graph::float32));
  return ops::square(p - t);
}
Array RootMeanSquaredErrorMetric::result() const { return graph::sqrt(MeanMetricWrapper::result()); }

}  // namespace cornu::keras::metrics
