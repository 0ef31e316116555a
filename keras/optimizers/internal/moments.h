#pragma once

#include <limits>
#include <utility>

#include "cornu/graph/leaf.h"
#include "cornu/keras/optimizers/optimizer.h"
#include "cornu/ops/binary.h"

namespace cornu::keras::optimizers::internal {

/// Visits the arguments of a rule that keeps two moving figures of the gradients, as Adam does.
template <class Config>
void moment_fields(Config& c, ConfigVisitor& v) {
  v("beta_1", c.beta_1);
  v("beta_2", c.beta_2);
  v("epsilon", c.epsilon);
}

/// Throws ValueError unless beta is in [0, 1).
void require_beta(std::string_view optimizer, std::string_view argument, double beta);

/// Checks those arguments; throws ValueError for betas outside [0, 1) and an epsilon that is negative or no number.
template <class Config>
void check_moments(const Config& c) {
  require_beta(c.name, "beta_1", c.beta_1);
  require_beta(c.name, "beta_2", c.beta_2);
  require_between(c.name, "epsilon", c.epsilon, 0, std::numeric_limits<double>::infinity());
}

/// The moving mean after one more x.
inline Tensor moved(const Tensor& mean, const Tensor& x, double beta) { return mean + (x - mean) * (1 - beta); }

/// What a moving mean that began with 0 is to be divided by after so many steps: 1 - beta ^ number, a float32 scalar.
Tensor bias(double beta, const Tensor& number);

/// Adam's rate after so many steps: rate * sqrt(1 - beta_2^t) / (1 - beta_1^t).
Tensor adam_rate(const Tensor& rate, const Tensor& number, double beta_1, double beta_2);

/// Adam's step with that rate as the first of `s.shared`, and the slots "momentum" and "velocity"; with amsgrad also
/// "velocity_hat".
Tensor adam_step(const Optimizer::Step& s, double beta_1, double beta_2, double epsilon, bool amsgrad = false);

}  // namespace cornu::keras::optimizers::internal
