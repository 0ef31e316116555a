#include "cornu/keras/metrics/categorical_accuracy.h"

#include "cornu/ops/binary.h"
#include "cornu/ops/native/arg_reduction.h"
#include "cornu/ops/native/cast.h"

namespace cornu::keras::metrics {

static const bool registered = registry().add<CategoricalAccuracyMetric, CategoricalAccuracyConfig>(
    "CategoricalAccuracy", {"categorical_accuracy"});

CategoricalAccuracyMetric::CategoricalAccuracyMetric(CategoricalAccuracyConfig config)
    : MeanMetricWrapper(config.name), config_(std::move(config)) {
  losses::require_float32("CategoricalAccuracy", config_.dtype);
}

void CategoricalAccuracyMetric::fields(ConfigVisitor& v) {
  config_.name = name();
  config_.fields(v);
}

Tensor CategoricalAccuracyMetric::values(const Tensor& y_true, const Tensor& y_pred) const {
  return ops::cast(ops::equal(ops::argmax(y_true, -1), ops::argmax(y_pred, -1)), graph::float32);
}

}  // namespace cornu::keras::metrics
