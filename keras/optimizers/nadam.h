#pragma once

#include "cornu/keras/optimizers/optimizer.h"

namespace cornu::keras::optimizers {

struct NadamConfig {
  CORNU_LEARNING_RATE_ARGUMENTS(0.001);
  double beta_1 = 0.9;
  double beta_2 = 0.999;
  double epsilon = 1e-7;
  std::optional<double> weight_decay = std::nullopt;
  CORNU_OPTIMIZER_CONFIG(NadamConfig, "nadam");
};

/// Adam with Nesterov's momentum, by a schedule of momenta u_t = beta_1 (1 - 0.96^t / 2) and their product U_t:
/// m += (1 - beta_1) (g - m), v += (1 - beta_2) (g^2 - v),
/// w -= rate * (u_{t+1} m / (1 - U_{t+1}) + (1 - u_t) g / (1 - U_t)) / (sqrt(v / (1 - beta_2^t)) + epsilon). Keras:
/// `Nadam` (Dozat 2015, Incorporating Nesterov Momentum into Adam).
///
///     network.compile({.optimizer = optimizers::Nadam(0.002), .loss = "mse"});
///
/// The product follows from the step count, so that training goes on rightly also from files of Keras 2, which do not
/// hold it. Throws ValueError for betas outside [0, 1), a negative epsilon, and see Optimizer.
using Nadam = Optimizer::Of<NadamConfig>;

}  // namespace cornu::keras::optimizers
