#pragma once

#include "cornu/keras/optimizers/optimizer.h"

namespace cornu::keras::optimizers {

/// Adam's rule, for each of the configs that have its arguments.
class CORNU_EXPORT AdamRule : public Optimizer {
 public:
  template <class Config>
  AdamRule(FromConfig, const Config& c)
      : Optimizer(FromConfig(), c), beta_1_(c.beta_1), beta_2_(c.beta_2), epsilon_(c.epsilon), amsgrad_(c.amsgrad) {}

 protected:
  void add_slots(const std::vector<Variable>& variables) override;
  Tensors shared(const Tensor& rate, const Tensor& number) const override;
  Tensor step(const Step& s) override;

 private:
  double beta_1_, beta_2_, epsilon_;
  bool amsgrad_;
};

struct AdamConfig {
  CORNU_LEARNING_RATE_ARGUMENTS(0.001);
  double beta_1 = 0.9;
  double beta_2 = 0.999;
  double epsilon = 1e-7;
  bool amsgrad = false;
  std::optional<double> weight_decay = std::nullopt;
  CORNU_OPTIMIZER_ARGUMENTS("adam");
  using positional = Positions<&AdamConfig::learning_rate>;
  void fields(ConfigVisitor& v);
  void check() const;
};

class CORNU_EXPORT AdamOptimizer : public Configured<AdamRule, AdamConfig> {
 public:
  using Configured::Configured;
};

/// Moving means of gradients and their squares: m += (1 - beta_1) (g - m), v += (1 - beta_2) (g^2 - v),
/// w -= rate * sqrt(1 - beta_2^t) / (1 - beta_1^t) * m / (sqrt(v) + epsilon); amsgrad: the largest v so far. Keras:
/// `Adam` (Kingma and Ba 2014, arXiv:1412.6980; Reddi et al. 2018).
///
///     network.compile({.optimizer = optimizers::Adam(0.01), .loss = "mse"});
///
/// Throws ValueError for betas outside [0, 1), a negative epsilon, and see Optimizer.
using Adam = Handle<AdamOptimizer>;

struct AdamWConfig {
  CORNU_LEARNING_RATE_ARGUMENTS(0.001);
  std::optional<double> weight_decay = 0.004;
  double beta_1 = 0.9;
  double beta_2 = 0.999;
  double epsilon = 1e-7;
  bool amsgrad = false;
  CORNU_OPTIMIZER_ARGUMENTS("adam_w");
  using positional = Positions<&AdamWConfig::learning_rate>;
  void fields(ConfigVisitor& v);
  void check() const;
};

class CORNU_EXPORT AdamWOptimizer : public Configured<AdamRule, AdamWConfig> {
 public:
  using Configured::Configured;
};

/// Adam with weights that decay by rate * weight_decay each step. Keras: `AdamW` (Loshchilov and Hutter 2017,
/// arXiv:1711.05101). Throws ValueError without a weight_decay, and see Adam.
using AdamW = Handle<AdamWOptimizer>;

}  // namespace cornu::keras::optimizers
