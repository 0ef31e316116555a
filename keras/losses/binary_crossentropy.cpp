#include "cornu/keras/losses/binary_crossentropy.h"

#include "cornu/keras/losses/squeeze.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/cross_entropy.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::losses {

static const bool registered = registry().add<BinaryCrossentropy, BinaryCrossentropyConfig>(
    "BinaryCrossentropy", {"binary_crossentropy", "bce", "BCE"});

BinaryCrossentropy::BinaryCrossentropy(BinaryCrossentropyConfig config)
    : Loss(config.reduction, config.name), config_(std::move(config)) {
  graph::require<graph::ValueError>(config_.label_smoothing >= 0 && config_.label_smoothing <= 1,
                                    "[BinaryCrossentropy] `label_smoothing` must be in [0, 1], got ",
                                    config_.label_smoothing);
  require_float32("BinaryCrossentropy", config_.dtype);
  config_.reduction = reduction();
}

void BinaryCrossentropy::fields(ConfigVisitor& v) { config_.fields(v); }

Tensor BinaryCrossentropy::call(const Tensor& y_true, const Tensor& y_pred) const {
  auto [t, p] = squeeze_or_expand_to_same_rank(y_true, y_pred);
  if (config_.label_smoothing != 0) t = t * (1 - config_.label_smoothing) + 0.5 * config_.label_smoothing;
  return ops::mean(ops::binary_crossentropy(t, p, config_.from_logits), config_.axis);
}

}  // namespace cornu::keras::losses
