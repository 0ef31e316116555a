#include "cornu/keras/metrics/probabilistic.h"

#include "cornu/keras/losses/crossentropy.h"

namespace cornu::keras::metrics {

static const bool probabilistic_registered =
    registry().add<KLDivergenceMetric>("KLDivergence",
                                       {"kl_divergence", "kullback_leibler_divergence", "kld", "KLD"}) &&
    registry().add<PoissonMetric>("Poisson", {"poisson"}) &&
    registry().add<BinaryCrossentropyMetric>("BinaryCrossentropy", {"binary_crossentropy", "bce", "BCE"}) &&
    registry().add<CategoricalCrossentropyMetric>("CategoricalCrossentropy", {"categorical_crossentropy"}) &&
    registry().add<SparseCategoricalCrossentropyMetric>("SparseCategoricalCrossentropy",
                                                        {"sparse_categorical_crossentropy"});

void BinaryCrossentropyConfig::fields(ConfigVisitor& v) {
  v("from_logits", from_logits);
  v("label_smoothing", label_smoothing);
}

Tensor binary_crossentropy(const Tensor& y_true, const Tensor& y_pred, const BinaryCrossentropyConfig& config) {
  return losses::binary_crossentropy(y_true, y_pred,
                                     {.from_logits = config.from_logits, .label_smoothing = config.label_smoothing});
}

void CategoricalCrossentropyConfig::fields(ConfigVisitor& v) {
  v("from_logits", from_logits);
  v("label_smoothing", label_smoothing);
  v("axis", axis);
}

Tensor categorical_crossentropy(const Tensor& y_true, const Tensor& y_pred,
                                const CategoricalCrossentropyConfig& config) {
  return losses::categorical_crossentropy(
      y_true, y_pred,
      {.from_logits = config.from_logits, .label_smoothing = config.label_smoothing, .axis = config.axis});
}

void SparseCategoricalCrossentropyConfig::fields(ConfigVisitor& v) {
  v("from_logits", from_logits);
  v("ignore_class", ignore_class);
  v("axis", axis);
}

Tensor sparse_categorical_crossentropy(const Tensor& y_true, const Tensor& y_pred,
                                       const SparseCategoricalCrossentropyConfig& config) {
  return losses::sparse_categorical_crossentropy(
      y_true, y_pred, {.from_logits = config.from_logits, .ignore_class = config.ignore_class, .axis = config.axis});
}
Tensor SparseCategoricalCrossentropyMetric::valid(const Tensor& y_true, const Tensor& y_pred) const {
  return losses::SparseCategoricalCrossentropy({.ignore_class = config_.ignore_class}).valid(y_true, y_pred);
}

}  // namespace cornu::keras::metrics
