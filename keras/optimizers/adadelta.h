#pragma once

#include "cornu/keras/optimizers/optimizer.h"

namespace cornu::keras::optimizers {

struct AdadeltaConfig {
  CORNU_LEARNING_RATE_ARGUMENTS(0.001);
  double rho = 0.95;
  double epsilon = 1e-7;
  std::optional<double> weight_decay = std::nullopt;
  CORNU_OPTIMIZER_CONFIG(AdadeltaConfig, "adadelta");
};

/// Steps as long as those before, by moving means of squared gradients and of squared steps: a = rho a + (1 - rho) g^2,
/// step = g * sqrt(d + epsilon) / sqrt(a + epsilon), d = rho d + (1 - rho) step^2, w -= rate * step. A rate of 1 is the
/// paper's rule. Keras: `Adadelta` (Zeiler 2012, arXiv:1212.5701).
///
///     network.compile({.optimizer = optimizers::Adadelta(1.0), .loss = "mse"});
///
/// Throws ValueError for rho outside [0, 1], a negative epsilon, and see Optimizer.
using Adadelta = Optimizer::Of<AdadeltaConfig>;

}  // namespace cornu::keras::optimizers
