#include "cornu/keras/metrics/mean_absolute_error.h"

#include "cornu/keras/losses/mean_absolute_error.h"

namespace cornu::keras::metrics {

static const bool registered = registry().add<MeanAbsoluteErrorMetric, MeanAbsoluteErrorConfig>(
    "MeanAbsoluteError", {"mean_absolute_error", "mae", "MAE"});

MeanAbsoluteErrorMetric::MeanAbsoluteErrorMetric(MeanAbsoluteErrorConfig config)
    : MeanMetricWrapper(config.name), config_(std::move(config)) {
  losses::require_float32("MeanAbsoluteError", config_.dtype);
}

void MeanAbsoluteErrorMetric::fields(ConfigVisitor& v) {
  config_.name = name();
  config_.fields(v);
}

Tensor MeanAbsoluteErrorMetric::values(const Tensor& y_true, const Tensor& y_pred) const {
  return losses::mean_absolute_error(y_true, y_pred);
}

}  // namespace cornu::keras::metrics
