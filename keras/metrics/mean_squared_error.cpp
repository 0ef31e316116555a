#include "cornu/keras/metrics/mean_squared_error.h"

#include "cornu/keras/losses/mean_squared_error.h"

namespace cornu::keras::metrics {

static const bool registered = registry().add<MeanSquaredErrorMetric, MeanSquaredErrorConfig>(
    "MeanSquaredError", {"mean_squared_error", "mse", "MSE"});

MeanSquaredErrorMetric::MeanSquaredErrorMetric(MeanSquaredErrorConfig config)
    : MeanMetricWrapper(config.name), config_(std::move(config)) {
  losses::require_float32("MeanSquaredError", config_.dtype);
}

void MeanSquaredErrorMetric::fields(ConfigVisitor& v) {
  config_.name = name();
  config_.fields(v);
}

Tensor MeanSquaredErrorMetric::values(const Tensor& y_true, const Tensor& y_pred) const {
  return losses::mean_squared_error(y_true, y_pred);
}

}  // namespace cornu::keras::metrics
