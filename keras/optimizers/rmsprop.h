#pragma once

#include "cornu/keras/optimizers/optimizer.h"

namespace cornu::keras::optimizers {

struct RMSpropConfig {
  CORNU_LEARNING_RATE_ARGUMENTS(0.001);
  double rho = 0.9;
  double momentum = 0;
  double epsilon = 1e-7;
  bool centered = false;
  std::optional<double> weight_decay = std::nullopt;
  CORNU_OPTIMIZER_CONFIG(RMSpropConfig, "rm_sprop");
};

/// Divides gradients by the root of their moving mean square: v = rho v + (1 - rho) g^2, w -= rate * g / sqrt(v +
/// epsilon); centered: v minus the square of the gradients' moving mean; momentum m: u = m u + rate * g / …, w -= u.
/// Keras: `RMSprop` (Hinton 2012); the older rule with epsilon outside the root is legacy::RMSprop.
///
///     auto rmsprop = optimizers::RMSprop({.lr = 0.001, .rho = 0.9, .epsilon = 1e-08, .decay = 0.0});
///
/// Throws ValueError for rho or momentum outside [0, 1], a negative epsilon, and see Optimizer.
using RMSprop = Optimizer::Of<RMSpropConfig>;

}  // namespace cornu::keras::optimizers
