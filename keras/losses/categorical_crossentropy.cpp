#include "cornu/keras/losses/categorical_crossentropy.h"

#include "cornu/keras/losses/squeeze.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/cross_entropy.h"

namespace cornu::keras::losses {

static const bool registered = registry().add<CategoricalCrossentropy, CategoricalCrossentropyConfig>(
    "CategoricalCrossentropy", {"categorical_crossentropy"});

CategoricalCrossentropy::CategoricalCrossentropy(CategoricalCrossentropyConfig config)
    : Loss(config.reduction, config.name), config_(std::move(config)) {
  graph::require<graph::ValueError>(config_.label_smoothing >= 0 && config_.label_smoothing <= 1,
                                    "[CategoricalCrossentropy] `label_smoothing` must be in [0, 1], got ",
                                    config_.label_smoothing);
  require_float32("CategoricalCrossentropy", config_.dtype);
  config_.reduction = reduction();
}

void CategoricalCrossentropy::fields(ConfigVisitor& v) { config_.fields(v); }

Tensor CategoricalCrossentropy::call(const Tensor& y_true, const Tensor& y_pred) const {
  auto [t, p] = squeeze_or_expand_to_same_rank(y_true, y_pred);
  if (config_.label_smoothing != 0)
    t = t * (1 - config_.label_smoothing) + config_.label_smoothing / static_cast<double>(t.shape().back());
  return ops::categorical_crossentropy(t, p, config_.from_logits, config_.axis);
}

}  // namespace cornu::keras::losses
