#pragma once

#include "cornu/keras/optimizers/legacy/registry.h"

namespace cornu::keras::optimizers::legacy {

struct AdagradConfig {
  CORNU_LEARNING_RATE_ARGUMENTS(0.001);
  double initial_accumulator_value = 0.1;
  double epsilon = 1e-7;
  CORNU_LEGACY_OPTIMIZER_CONFIG(AdagradConfig, "Adagrad");
};

/// Adagrad as it was in Keras 2, epsilon outside of the root: a += g^2, w -= rate * g / (sqrt(a) + epsilon). An epsilon
/// of 0 means 1e-7. Keras 2: `optimizers.legacy.Adagrad`. Throws as optimizers::Adagrad does.
using Adagrad = Optimizer::Of<AdagradConfig>;

}  // namespace cornu::keras::optimizers::legacy
