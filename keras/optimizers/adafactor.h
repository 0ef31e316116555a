#pragma once

#include "cornu/keras/optimizers/optimizer.h"

namespace cornu::keras::optimizers {

struct AdafactorConfig {
  CORNU_LEARNING_RATE_ARGUMENTS(0.001);
  double beta_2_decay = -0.8;
  double epsilon_1 = 1e-30;
  double epsilon_2 = 1e-3;
  double clip_threshold = 1;
  bool relative_step = true;
  std::optional<double> weight_decay = std::nullopt;
  CORNU_OPTIMIZER_CONFIG(AdafactorConfig, "adafactor");
};

/// Squares of gradients are remembered by rows and columns instead of one by one. With b = 1 - t^beta_2_decay and
/// s = g^2 + epsilon_1, for a variable of two or more axes: r = b r + (1 - b) mean(s, -1), c = b c + (1 - b) mean(s,
/// -2), v = r c / mean(r); for others v = b v + (1 - b) s. Then u = g / sqrt(v), w -= min(rate, 1 / sqrt(t)) *
/// max(epsilon_2, rms(w)) * u / max(1, rms(u) / clip_threshold). Keras: `Adafactor` (Shazeer and Stern 2018,
/// arXiv:1804.04235). As there, v is kept as well, and relative_step has no effect.
///
///     network.compile({.optimizer = optimizers::Adafactor(0.01), .loss = "mse"});
///
/// Means over rows and columns, and the two rms, each take a pass over the memory before the one that changes it.
/// Throws ValueError for an epsilon that is negative or no number, a clip_threshold not above 0, and see Optimizer.
using Adafactor = Optimizer::Of<AdafactorConfig>;

}  // namespace cornu::keras::optimizers
