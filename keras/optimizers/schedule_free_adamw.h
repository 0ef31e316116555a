#pragma once

#include "cornu/keras/optimizers/optimizer.h"

namespace cornu::keras::optimizers {

struct ScheduleFreeAdamWConfig {
  CORNU_LEARNING_RATE_ARGUMENTS(0.0025);
  double beta_1 = 0.9;
  double beta_2 = 0.999;
  double epsilon = 1e-8;
  int warmup_steps = 0;
  std::optional<double> weight_decay = std::nullopt;
  CORNU_OPTIMIZER_CONFIG(ScheduleFreeAdamWConfig, "schedule_free_adam_w");
};

/// AdamW that needs no schedule, as it averages the weights by itself: gradients are taken at y, between a fast
/// sequence z and the mean x of it. v += (1 - beta_2) (g^2 - v), z -= rate * g / (sqrt(v / (1 - beta_2^t)) + epsilon),
/// x += (z - x) / t, y = (1 - beta_1) z + beta_1 x. The model's variables are y; the slot "momentum" is z. The rate
/// rises from 0 within warmup_steps. Keras: `ScheduleFreeAdamW` (Defazio et al. 2024, arXiv:2405.15682); Keras 2 does
/// not have it.
///
///     network.compile({.optimizer = optimizers::ScheduleFreeAdamW({.warmup_steps = 100}), .loss = "mse"});
///
/// Throws ValueError for beta_1 outside (0, 1], beta_2 outside [0, 1), a negative epsilon or warmup_steps, and see
/// Optimizer.
using ScheduleFreeAdamW = Optimizer::Of<ScheduleFreeAdamWConfig>;

}  // namespace cornu::keras::optimizers
