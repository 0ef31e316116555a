#pragma once

#include "cornu/keras/optimizers/optimizer.h"

namespace cornu::keras::optimizers {

struct LambConfig {
  CORNU_LEARNING_RATE_ARGUMENTS(0.001);
  double beta_1 = 0.9;
  double beta_2 = 0.999;
  double epsilon = 1e-7;
  std::optional<double> weight_decay = std::nullopt;
  CORNU_OPTIMIZER_CONFIG(LambConfig, "lamb");
};

/// Adam whose step of each variable is as long, in units of the rate, as the variable itself: for large batches.
/// update = m / (1 - beta_1^t) / (sqrt(v / (1 - beta_2^t)) + epsilon), w -= rate * |w| / |update| * update, or without
/// the norms where one is 0; m and v as in Adam. The norms take a pass over the memory before the one that changes it.
/// Keras: `Lamb` (You et al. 2019, arXiv:1904.00962); Keras 2 does not have it.
///
///     network.compile({.optimizer = optimizers::Lamb({.learning_rate = 0.01, .weight_decay = 0.01}), .loss = "mse"});
///
/// Throws ValueError for betas outside [0, 1), a negative epsilon, and see Optimizer.
using Lamb = Optimizer::Of<LambConfig>;

}  // namespace cornu::keras::optimizers
