#include "cornu/keras/metrics/binary_accuracy.h"

#include <cmath>

#include "cornu/graph/leaf.h"
#include "cornu/keras/losses/squeeze.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/cast.h"

namespace cornu::keras::metrics {

static const bool registered =
    registry().add<BinaryAccuracyMetric, BinaryAccuracyConfig>("BinaryAccuracy", {"binary_accuracy"});

BinaryAccuracyMetric::BinaryAccuracyMetric(BinaryAccuracyConfig config)
    : MeanMetricWrapper(config.name), config_(std::move(config)) {
  losses::require_float32("BinaryAccuracy", config_.dtype);
  graph::require<graph::ValueError>(std::isfinite(config_.threshold),
                                    "[BinaryAccuracy] `threshold` must be a finite number, got ", config_.threshold);
}

void BinaryAccuracyMetric::fields(ConfigVisitor& v) {
  config_.name = name();
  config_.fields(v);
}

Tensor BinaryAccuracyMetric::values(const Tensor& y_true, const Tensor& y_pred) const {
  const auto [t, p] = losses::squeeze_or_expand_to_same_rank(y_true, y_pred);
  const Tensor positive = ops::greater(p, graph::constant(config_.threshold, p.dtype()));
  return ops::cast(ops::equal(t, ops::cast(positive, t.dtype())), graph::float32);
}

}  // namespace cornu::keras::metrics
