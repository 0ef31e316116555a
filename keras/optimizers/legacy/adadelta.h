#pragma once

#include "cornu/keras/optimizers/legacy/registry.h"

namespace cornu::keras::optimizers::legacy {

struct AdadeltaConfig {
  CORNU_LEARNING_RATE_ARGUMENTS(0.001);
  double rho = 0.95;
  double epsilon = 1e-7;
  CORNU_LEGACY_OPTIMIZER_CONFIG(AdadeltaConfig, "Adadelta");
};

/// optimizers::Adadelta with Keras 2's time-based decay. An epsilon of 0 means 1e-7, as there. Keras 2:
/// `optimizers.legacy.Adadelta`.
using Adadelta = Optimizer::Of<AdadeltaConfig>;

}  // namespace cornu::keras::optimizers::legacy
