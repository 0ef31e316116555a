#pragma once

#include "cornu/keras/optimizers/legacy/registry.h"

namespace cornu::keras::optimizers::legacy {

struct SGDConfig {
  CORNU_LEARNING_RATE_ARGUMENTS(0.01);
  double momentum = 0;
  bool nesterov = false;
  CORNU_LEGACY_OPTIMIZER_CONFIG(SGDConfig, "SGD");
};

/// optimizers::SGD with Keras 2's time-based decay. Keras 2: `optimizers.legacy.SGD`.
using SGD = Optimizer::Of<SGDConfig>;

}  // namespace cornu::keras::optimizers::legacy
