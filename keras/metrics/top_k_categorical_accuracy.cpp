#include "cornu/keras/metrics/top_k_categorical_accuracy.h"

#include "cornu/keras/metrics/in_top_k.h"
#include "cornu/ops/native/arg_reduction.h"

namespace cornu::keras::metrics {

static const bool registered = registry().add<TopKCategoricalAccuracyMetric, TopKCategoricalAccuracyConfig>(
    "TopKCategoricalAccuracy", {"top_k_categorical_accuracy"});

TopKCategoricalAccuracyMetric::TopKCategoricalAccuracyMetric(TopKCategoricalAccuracyConfig config)
    : MeanMetricWrapper(config.name), config_(std::move(config)) {
  losses::require_float32("TopKCategoricalAccuracy", config_.dtype);
  graph::require<graph::ValueError>(config_.k >= 1, "[TopKCategoricalAccuracy] `k` must be at least 1, got ",
                                    config_.k);
}

void TopKCategoricalAccuracyMetric::fields(ConfigVisitor& v) {
  config_.name = name();
  config_.fields(v);
}

Tensor TopKCategoricalAccuracyMetric::values(const Tensor& y_true, const Tensor& y_pred) const {
  return in_top_k(ops::argmax(y_true, -1), y_pred, config_.k);
}

}  // namespace cornu::keras::metrics
