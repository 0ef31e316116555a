#include "cornu/keras/metrics/categorical_crossentropy.h"

#include "cornu/keras/losses/categorical_crossentropy.h"

namespace cornu::keras::metrics {

static const bool registered = registry().add<CategoricalCrossentropyMetric, CategoricalCrossentropyConfig>(
    "CategoricalCrossentropy", {"categorical_crossentropy"});

CategoricalCrossentropyMetric::CategoricalCrossentropyMetric(CategoricalCrossentropyConfig config)
    : MeanMetricWrapper(config.name), config_(std::move(config)) {
  losses::require_float32("CategoricalCrossentropy", config_.dtype);
}

void CategoricalCrossentropyMetric::fields(ConfigVisitor& v) {
  config_.name = name();
  config_.fields(v);
}

Tensor CategoricalCrossentropyMetric::values(const Tensor& y_true, const Tensor& y_pred) const {
  return losses::categorical_crossentropy(
      y_true, y_pred,
      {.from_logits = config_.from_logits, .label_smoothing = config_.label_smoothing, .axis = config_.axis});
}

}  // namespace cornu::keras::metrics
