#pragma once

#include "cornu/keras/optimizers/legacy/registry.h"

namespace cornu::keras::optimizers::legacy {

struct RMSpropConfig {
  CORNU_LEARNING_RATE_ARGUMENTS(0.001);
  double rho = 0.9;
  double momentum = 0;
  double epsilon = 1e-7;
  bool centered = false;
  CORNU_LEGACY_OPTIMIZER_CONFIG(RMSpropConfig, "RMSprop");
};

/// RMSprop as it was in Keras 2: v = rho v + (1 - rho) g^2, w -= rate * g / (sqrt(v) + epsilon), epsilon outside of the
/// root; but with momentum m u = m u + rate * g / sqrt(v + epsilon), w -= u. Centered: v minus the square of the
/// gradients' moving mean. An epsilon of 0 means 1e-7. Keras 2: `optimizers.legacy.RMSprop`. Throws ValueError for rho
/// or momentum outside [0, 1], a negative epsilon, and see Optimizer.
using RMSprop = Optimizer::Of<RMSpropConfig>;

}  // namespace cornu::keras::optimizers::legacy
