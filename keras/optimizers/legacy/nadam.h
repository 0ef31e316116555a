#pragma once

#include "cornu/keras/optimizers/legacy/registry.h"

namespace cornu::keras::optimizers::legacy {

struct NadamConfig {
  CORNU_LEARNING_RATE_ARGUMENTS(0.001);
  double beta_1 = 0.9;
  double beta_2 = 0.999;
  double epsilon = 1e-7;
  CORNU_LEGACY_OPTIMIZER_ARGUMENTS(NadamConfig, "Nadam", 0.004);
  /// Of the momenta: Keras 2's schedule_decay.
  static constexpr bool decays_rate = false;
};

/// optimizers::Nadam whose momenta hardly change: u_t = beta_1 (1 - 0.96^(decay t) / 2), with a `decay` of 0.004, which
/// Keras 2 also calls schedule_decay; the rate does not decay. The product of the momenta is a weight of the optimizer,
/// "momentum_cache". An epsilon of 0 means 1e-7. Keras 2: `optimizers.legacy.Nadam`. Throws ValueError for a learning
/// rate that is a schedule, too.
using Nadam = Optimizer::Of<NadamConfig>;

}  // namespace cornu::keras::optimizers::legacy
