#pragma once

#include "cornu/keras/optimizers/optimizer.h"

namespace cornu::keras::optimizers {

struct LionConfig {
  CORNU_LEARNING_RATE_ARGUMENTS(0.001);
  double beta_1 = 0.9;
  double beta_2 = 0.99;
  std::optional<double> weight_decay = std::nullopt;
  CORNU_OPTIMIZER_CONFIG(LionConfig, "lion");
};

/// Steps of one length, by the sign of a mean of momentum and gradient: w -= rate * sign(beta_1 m + (1 - beta_1) g),
/// then m = beta_2 m + (1 - beta_2) g. It wants a rate some ten times below Adam's and a weight_decay above it. Keras:
/// `Lion` (Chen et al. 2023, arXiv:2302.06675), whose default rate was 0.0001 in Keras 2.
///
///     network.compile({.optimizer = optimizers::Lion(0.0001, {.weight_decay = 0.1}), .loss = "mse"});
///
/// Throws ValueError for beta_1 outside (0, 1] or beta_2 outside [0, 1], and see Optimizer.
using Lion = Optimizer::Of<LionConfig>;

}  // namespace cornu::keras::optimizers
