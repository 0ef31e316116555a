#pragma once

#include <tuple>

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
  std::optional<LearningRate> learning_rate = std::nullopt;  ///< 0.01
  std::optional<LearningRate> lr = std::nullopt;             ///< Keras 2's name of the same
  double momentum = 0;
  bool nesterov = false;
  std::optional<double> weight_decay = std::nullopt;
  std::optional<double> clipnorm = std::nullopt;
  std::optional<double> clipvalue = std::nullopt;
  std::optional<double> global_clipnorm = std::nullopt;
  bool use_ema = false;
  double ema_momentum = 0.99;
  std::optional<int> ema_overwrite_frequency = std::nullopt;
  std::optional<double> loss_scale_factor = std::nullopt;
  std::optional<int> gradient_accumulation_steps = std::nullopt;
  std::string name = "sgd";
  double decay = 0;  ///< Keras 2: the rate is learning_rate / (1 + decay * step), which is InverseTimeDecay
  static constexpr double default_rate = 0.01;
  static constexpr auto positional = std::tuple(&SGDConfig::learning_rate);
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
