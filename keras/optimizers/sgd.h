#pragma once

#include "cornu/keras/optimizers/optimizer.h"

namespace cornu::keras::optimizers {

struct SGDConfig {
  CORNU_LEARNING_RATE_ARGUMENTS(0.01);
  double momentum = 0;
  bool nesterov = false;
  std::optional<double> weight_decay = std::nullopt;
  CORNU_OPTIMIZER_CONFIG(SGDConfig, "sgd");
};

/// Gradient descent: w -= rate * g; with momentum m: v = m v - rate * g, w += v, or (Nesterov) w += m v - rate * g.
/// Keras: `SGD`.
///
///     network.compile({.optimizer = optimizers::SGD({.learning_rate = 0.1, .momentum = 0.9}), .loss = "mse"});
///
/// Throws ValueError for a momentum outside [0, 1], and see Optimizer.
using SGD = Optimizer::Of<SGDConfig>;

}  // namespace cornu::keras::optimizers
