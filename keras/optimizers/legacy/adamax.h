#pragma once

#include "cornu/keras/optimizers/legacy/registry.h"

namespace cornu::keras::optimizers::legacy {

struct AdamaxConfig {
  CORNU_LEARNING_RATE_ARGUMENTS(0.001);
  double beta_1 = 0.9;
  double beta_2 = 0.999;
  double epsilon = 1e-7;
  CORNU_LEGACY_OPTIMIZER_CONFIG(AdamaxConfig, "Adamax");
};

/// optimizers::Adamax with Keras 2's time-based decay. An epsilon of 0 means 1e-7, as there. Keras 2:
/// `optimizers.legacy.Adamax`.
using Adamax = Optimizer::Of<AdamaxConfig>;

}  // namespace cornu::keras::optimizers::legacy
