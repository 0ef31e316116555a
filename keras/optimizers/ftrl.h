#pragma once

#include "cornu/keras/optimizers/optimizer.h"

namespace cornu::keras::optimizers {

struct FtrlConfig {
  CORNU_LEARNING_RATE_ARGUMENTS(0.001);
  double learning_rate_power = -0.5;
  double initial_accumulator_value = 0.1;
  double l1_regularization_strength = 0;
  double l2_regularization_strength = 0;
  double l2_shrinkage_regularization_strength = 0;
  double beta = 0;
  std::optional<double> weight_decay = std::nullopt;
  CORNU_OPTIMIZER_CONFIG(FtrlConfig, "ftrl");
};

/// Follows the regularized leader; with an l1 penalty most weights of a wide, sparse model become exactly 0. With
/// p = -learning_rate_power, a' = a + g^2: z += g + 2 l2_shrinkage w - (a'^p - a^p) / rate * w,
/// w = (clip(z, -l1, l1) - z) / ((a'^p + beta) / rate + 2 l2), where a begins with initial_accumulator_value, z with 0.
/// Keras: `Ftrl` (McMahan et al. 2013, Ad Click Prediction).
///
///     network.compile({.optimizer = optimizers::Ftrl(0.05, {.l1_regularization_strength = 0.01}), .loss = "mse"});
///
/// Throws ValueError for a learning_rate_power above 0, an initial value or strength that is negative or no number, and
/// see Optimizer.
using Ftrl = Optimizer::Of<FtrlConfig>;

}  // namespace cornu::keras::optimizers
