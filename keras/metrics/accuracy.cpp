#include "cornu/keras/metrics/accuracy.h"

#include "cornu/keras/losses/squeeze.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/cast.h"

namespace cornu::keras::metrics {

static const bool registered = registry().add<AccuracyMetric, AccuracyConfig>("Accuracy");

AccuracyMetric::AccuracyMetric(AccuracyConfig config) : MeanMetricWrapper(config.name), config_(std::move(config)) {
  losses::require_float32("Accuracy", config_.dtype);
}

void AccuracyMetric::fields(ConfigVisitor& v) {
  config_.name = name();
  config_.fields(v);
}

Tensor AccuracyMetric::values(const Tensor& y_true, const Tensor& y_pred) const {
  const auto [t, p] = losses::squeeze_or_expand_to_same_rank(ops::cast(y_true, y_pred.dtype()), y_pred);
  return ops::cast(ops::equal(t, p), graph::float32);
}

}  // namespace cornu::keras::metrics
