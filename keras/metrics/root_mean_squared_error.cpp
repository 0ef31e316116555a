#include "cornu/keras/metrics/root_mean_squared_error.h"

#include "cornu/keras/losses/squeeze.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/cast.h"

namespace cornu::keras::metrics {

static const bool registered = registry().add<RootMeanSquaredErrorMetric, RootMeanSquaredErrorConfig>(
    "RootMeanSquaredError", {"root_mean_squared_error"});

RootMeanSquaredErrorMetric::RootMeanSquaredErrorMetric(RootMeanSquaredErrorConfig config)
    : MeanMetricWrapper(config.name), config_(std::move(config)) {
  losses::require_float32("RootMeanSquaredError", config_.dtype);
}

void RootMeanSquaredErrorMetric::fields(ConfigVisitor& v) {
  config_.name = name();
  config_.fields(v);
}

Tensor RootMeanSquaredErrorMetric::values(const Tensor& y_true, const Tensor& y_pred) const {
  const auto [t, p] =
      losses::squeeze_or_expand_to_same_rank(ops::cast(y_true, graph::float32), ops::cast(y_pred, graph::float32));
  return ops::square(p - t);
}

Array RootMeanSquaredErrorMetric::result() const { return graph::sqrt(MeanMetricWrapper::result()); }

}  // namespace cornu::keras::metrics
