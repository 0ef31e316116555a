#pragma once

#include "cornu/keras/optimizers/optimizer.h"

namespace cornu::keras::optimizers {

struct AdamConfig {
  CORNU_LEARNING_RATE_ARGUMENTS(0.001);
  double beta_1 = 0.9;
  double beta_2 = 0.999;
  double epsilon = 1e-7;
  bool amsgrad = false;
  std::optional<double> weight_decay = std::nullopt;
  CORNU_OPTIMIZER_CONFIG(AdamConfig, "adam");
};

/// Moving means of gradients and their squares: m += (1 - beta_1) (g - m), v += (1 - beta_2) (g^2 - v),
/// w -= rate * sqrt(1 - beta_2^t) / (1 - beta_1^t) * m / (sqrt(v) + epsilon); amsgrad: the largest v so far. Keras:
/// `Adam` (Kingma and Ba 2014, arXiv:1412.6980; Reddi et al. 2018).
///
///     network.compile({.optimizer = optimizers::Adam(0.01), .loss = "mse"});
///
/// Throws ValueError for betas outside [0, 1), a negative epsilon, and see Optimizer.
using Adam = Optimizer::Of<AdamConfig>;

struct AdamWConfig {
  CORNU_LEARNING_RATE_ARGUMENTS(0.001);
  std::optional<double> weight_decay = 0.004;
  double beta_1 = 0.9;
  double beta_2 = 0.999;
  double epsilon = 1e-7;
  bool amsgrad = false;
  CORNU_OPTIMIZER_CONFIG(AdamWConfig, "adam_w");
  void check() const;
};

/// Adam with weights that decay by rate * weight_decay each step. Keras: `AdamW` (Loshchilov and Hutter 2017,
/// arXiv:1711.05101). Throws ValueError without a weight_decay, and see Adam.
using AdamW = Optimizer::Of<AdamWConfig>;

}  // namespace cornu::keras::optimizers
