#pragma once

#include "cornu/keras/optimizers/optimizer.h"

namespace cornu::keras::optimizers {

struct AdamaxConfig {
  CORNU_LEARNING_RATE_ARGUMENTS(0.001);
  double beta_1 = 0.9;
  double beta_2 = 0.999;
  double epsilon = 1e-7;
  std::optional<double> weight_decay = std::nullopt;
  CORNU_OPTIMIZER_CONFIG(AdamaxConfig, "adamax");
};

/// Adam with the largest gradient instead of the mean square: m += (1 - beta_1) (g - m), u = max(beta_2 u, |g|),
/// w -= rate / (1 - beta_1^t) * m / (u + epsilon). Keras: `Adamax` (Kingma and Ba 2014, arXiv:1412.6980, section 7).
///
///     network.compile({.optimizer = optimizers::Adamax(0.002), .loss = "mse"});
///
/// Throws ValueError for betas outside [0, 1), a negative epsilon, and see Optimizer.
using Adamax = Optimizer::Of<AdamaxConfig>;

}  // namespace cornu::keras::optimizers
