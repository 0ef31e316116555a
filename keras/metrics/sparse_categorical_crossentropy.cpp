#include "cornu/keras/metrics/sparse_categorical_crossentropy.h"

#include "cornu/keras/losses/sparse_categorical_crossentropy.h"

namespace cornu::keras::metrics {

static const bool registered = registry().add<SparseCategoricalCrossentropyMetric, SparseCategoricalCrossentropyConfig>(
    "SparseCategoricalCrossentropy", {"sparse_categorical_crossentropy"});

SparseCategoricalCrossentropyMetric::SparseCategoricalCrossentropyMetric(SparseCategoricalCrossentropyConfig config)
    : MeanMetricWrapper(config.name), config_(std::move(config)) {
  losses::require_float32("SparseCategoricalCrossentropy", config_.dtype);
}

void SparseCategoricalCrossentropyMetric::fields(ConfigVisitor& v) {
  config_.name = name();
  config_.fields(v);
}

Tensor SparseCategoricalCrossentropyMetric::values(const Tensor& y_true, const Tensor& y_pred) const {
  return losses::sparse_categorical_crossentropy(
      y_true, y_pred, {.from_logits = config_.from_logits, .ignore_class = config_.ignore_class, .axis = config_.axis});
}

Tensor SparseCategoricalCrossentropyMetric::valid(const Tensor& y_true, const Tensor& y_pred) const {
  return losses::SparseCategoricalCrossentropy({.ignore_class = config_.ignore_class}).valid(y_true, y_pred);
}

}  // namespace cornu::keras::metrics
