#pragma once

#include <string>
#include <vector>

#include "cornu/keras/optimizers/optimizer.h"

namespace cornu::keras::optimizers {

struct MuonConfig {
  CORNU_LEARNING_RATE_ARGUMENTS(0.001);
  double adam_beta_1 = 0.9;
  double adam_beta_2 = 0.999;
  std::optional<double> adam_weight_decay = 0.004;  ///< the weight_decay of what takes Adam's steps
  double epsilon = 1e-7;
  std::optional<double> weight_decay = 0.004;
  CORNU_OPTIMIZER_CONFIG(MuonConfig, "muon");
  std::vector<std::string> exclude_layers =
      {};                          ///< regular expressions; variables whose name has one take Adam's steps
  bool exclude_embeddings = true;  ///< so do those with "embedding" in their name
  double muon_a = 3.4445;
  double muon_b = -4.7750;
  double muon_c = 2.0315;
  double adam_lr_ratio = 1;  ///< Adam's rate is this times the learning rate
  double momentum = 0.95;
  int ns_steps = 5;
  bool nesterov = true;
  std::optional<double> rms_rate =
      0.2;  ///< steps are multiplied by it and the root of the longer side; none: they are not
  void last_fields(ConfigVisitor& v);
};

/// Steps of matrices in all directions alike: m = momentum m + g, X = g + momentum m (or m, without nesterov), divided
/// by its norm, then ns_steps times X = a X + (b A + c A A) X with A = X X^T, which drives all singular values towards
/// 1, w -= rate * X. Whatever is no matrix, embeddings and the excluded layers (it should be the last one) take the
/// steps of Adam. Keras: `Muon` (Jordan et al. 2024; Liu et al. 2025, arXiv:2502.16982); Keras 2 does not have it.
///
///     network.compile({.optimizer = optimizers::Muon({.learning_rate = 0.01, .exclude_layers = {"output"}}), …});
///
/// Each step of a matrix of m rows and n columns, m <= n, takes 3 ns_steps products of some m m n multiplications, and
/// a pass over the memory for the norm. Throws ValueError for betas outside [0, 1), numbers that are negative or not
/// finite, a pattern that is no regular expression, and see Optimizer.
using Muon = Optimizer::Of<MuonConfig>;

}  // namespace cornu::keras::optimizers
