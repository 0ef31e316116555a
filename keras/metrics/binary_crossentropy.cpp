#include "cornu/keras/metrics/binary_crossentropy.h"

#include "cornu/keras/losses/binary_crossentropy.h"

namespace cornu::keras::metrics {

static const bool registered = registry().add<BinaryCrossentropyMetric, BinaryCrossentropyConfig>(
    "BinaryCrossentropy", {"binary_crossentropy", "bce", "BCE"});

BinaryCrossentropyMetric::BinaryCrossentropyMetric(BinaryCrossentropyConfig config)
    : MeanMetricWrapper(config.name), config_(std::move(config)) {
  losses::require_float32("BinaryCrossentropy", config_.dtype);
}

void BinaryCrossentropyMetric::fields(ConfigVisitor& v) {
  config_.name = name();
  config_.fields(v);
}

Tensor BinaryCrossentropyMetric::values(const Tensor& y_true, const Tensor& y_pred) const {
  return losses::binary_crossentropy(y_true, y_pred,
                                     {.from_logits = config_.from_logits, .label_smoothing = config_.label_smoothing});
}

}  // namespace cornu::keras::metrics
