#pragma once

#include "cornu/keras/optimizers/optimizer.h"

namespace cornu::keras::optimizers {

struct AdagradConfig {
  CORNU_LEARNING_RATE_ARGUMENTS(0.001);
  double initial_accumulator_value = 0.1;
  double epsilon = 1e-7;
  std::optional<double> weight_decay = std::nullopt;
  CORNU_OPTIMIZER_CONFIG(AdagradConfig, "adagrad");
};

/// Divides gradients by the root of the sum of their squares so far, so that the rate of what changes often falls:
/// a += g^2, w -= rate * g / sqrt(a + epsilon), where a begins with initial_accumulator_value. Keras: `Adagrad` (Duchi,
/// Hazan and Singer 2011, Adaptive Subgradient Methods); the older rule is legacy::Adagrad.
///
///     network.compile({.optimizer = optimizers::Adagrad(0.1), .loss = "mse"});
///
/// Throws ValueError for an initial_accumulator_value or epsilon that is negative or no number, and see Optimizer.
using Adagrad = Optimizer::Of<AdagradConfig>;

}  // namespace cornu::keras::optimizers
