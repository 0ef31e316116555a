#pragma once

#include "cornu/keras/optimizers/legacy/registry.h"

namespace cornu::keras::optimizers::legacy {

struct FtrlConfig {
  CORNU_LEARNING_RATE_ARGUMENTS(0.001);
  double learning_rate_power = -0.5;
  double initial_accumulator_value = 0.1;
  double l1_regularization_strength = 0;
  double l2_regularization_strength = 0;
  double l2_shrinkage_regularization_strength = 0;
  double beta = 0;
  CORNU_LEGACY_OPTIMIZER_CONFIG(FtrlConfig, "Ftrl");
};

/// optimizers::Ftrl with Keras 2's time-based decay. Keras 2: `optimizers.legacy.Ftrl`.
using Ftrl = Optimizer::Of<FtrlConfig>;

}  // namespace cornu::keras::optimizers::legacy
