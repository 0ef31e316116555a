#include "cornu/keras/metrics/sparse_categorical_accuracy.h"

#include "cornu/ops/binary.h"
#include "cornu/ops/native/arg_reduction.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/reshape.h"

namespace cornu::keras::metrics {

static const bool registered = registry().add<SparseCategoricalAccuracyMetric, SparseCategoricalAccuracyConfig>(
    "SparseCategoricalAccuracy", {"sparse_categorical_accuracy"});

SparseCategoricalAccuracyMetric::SparseCategoricalAccuracyMetric(SparseCategoricalAccuracyConfig config)
    : MeanMetricWrapper(config.name), config_(std::move(config)) {
  losses::require_float32("SparseCategoricalAccuracy", config_.dtype);
}

void SparseCategoricalAccuracyMetric::fields(ConfigVisitor& v) {
  config_.name = name();
  config_.fields(v);
}

Tensor SparseCategoricalAccuracyMetric::values(const Tensor& y_true, const Tensor& y_pred) const {
  const bool column = y_true.ndim() == y_pred.ndim() && y_true.ndim() > 0 && y_true.shape().back() == 1;
  const Tensor labels = ops::cast(column ? ops::squeeze(y_true, -1) : y_true, graph::float32);
  const Tensor matches =
      ops::cast(ops::equal(labels, ops::cast(ops::argmax(y_pred, -1), graph::float32)), graph::float32);
  return matches.ndim() > 1 && matches.shape().back() == 1 ? ops::squeeze(matches, -1) : matches;
}

}  // namespace cornu::keras::metrics
