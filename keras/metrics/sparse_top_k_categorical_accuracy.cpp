#include "cornu/keras/metrics/sparse_top_k_categorical_accuracy.h"

#include "cornu/keras/metrics/in_top_k.h"
#include "cornu/ops/native/reshape.h"

namespace cornu::keras::metrics {

static const bool registered = registry().add<SparseTopKCategoricalAccuracyMetric, SparseTopKCategoricalAccuracyConfig>(
    "SparseTopKCategoricalAccuracy", {"sparse_top_k_categorical_accuracy"});

SparseTopKCategoricalAccuracyMetric::SparseTopKCategoricalAccuracyMetric(SparseTopKCategoricalAccuracyConfig config)
    : MeanMetricWrapper(config.name), config_(std::move(config)) {
  losses::require_float32("SparseTopKCategoricalAccuracy", config_.dtype);
  graph::require<graph::ValueError>(config_.k >= 1, "[SparseTopKCategoricalAccuracy] `k` must be at least 1, got ",
                                    config_.k);
}

void SparseTopKCategoricalAccuracyMetric::fields(ConfigVisitor& v) {
  config_.name = name();
  config_.fields(v);
}

Tensor SparseTopKCategoricalAccuracyMetric::values(const Tensor& y_true, const Tensor& y_pred) const {
  const bool column = y_true.ndim() == y_pred.ndim() && y_true.ndim() > 0 && y_true.shape().back() == 1;
  return in_top_k(column ? ops::squeeze(y_true, -1) : y_true, y_pred, config_.k);
}

}  // namespace cornu::keras::metrics
