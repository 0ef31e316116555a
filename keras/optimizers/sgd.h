#pragma once

#include "cornu/keras/optimizers/optimizer.h"

namespace cornu::keras::optimizers {

/// The rule of gradient descent, for each of the configs that have its arguments.
class CORNU_EXPORT SGDRule : public Optimizer {
 public:
  template <class Config>
  SGDRule(FromConfig, const Config& c) : Optimizer(FromConfig(), c), momentum_(c.momentum), nesterov_(c.nesterov) {}

 protected:
  void add_slots(const std::vector<Variable>& variables) override;
  Tensor step(const Step& s) override;

 private:
  double momentum_;
  bool nesterov_;
};

struct SGDConfig {
  CORNU_LEARNING_RATE_ARGUMENTS(0.01);
  double momentum = 0;
  bool nesterov = false;
  std::optional<double> weight_decay = std::nullopt;
  CORNU_OPTIMIZER_ARGUMENTS("sgd");
  using positional = Positions<&SGDConfig::learning_rate>;
  void fields(ConfigVisitor& v);
  void check() const;
};

class CORNU_EXPORT SGDOptimizer : public Configured<SGDRule, SGDConfig> {
 public:
  using Configured::Configured;
};

/// Gradient descent: w -= rate * g; with momentum m: v = m v - rate * g, w += v, or (Nesterov) w += m v - rate * g.
/// Keras: `SGD`.
///
///     network.compile({.optimizer = optimizers::SGD({.learning_rate = 0.1, .momentum = 0.9}), .loss = "mse"});
///
/// Throws ValueError for a momentum outside [0, 1], and see Optimizer.
using SGD = Handle<SGDOptimizer>;

}  // namespace cornu::keras::optimizers
