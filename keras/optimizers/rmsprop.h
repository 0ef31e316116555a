#pragma once

#include <tuple>

#include "cornu/keras/optimizers/optimizer.h"

namespace cornu::keras::optimizers {

struct RMSpropConfig {
  std::optional<LearningRate> learning_rate = std::nullopt;  ///< 0.001
  std::optional<LearningRate> lr = std::nullopt;             ///< Keras 2's name of the same
  double rho = 0.9;
  double momentum = 0;
  double epsilon = 1e-7;
  bool centered = false;
  std::optional<double> weight_decay = std::nullopt;
  std::optional<double> clipnorm = std::nullopt;
  std::optional<double> clipvalue = std::nullopt;
  std::optional<double> global_clipnorm = std::nullopt;
  bool use_ema = false;
  double ema_momentum = 0.99;
  std::optional<int> ema_overwrite_frequency = std::nullopt;
  std::optional<double> loss_scale_factor = std::nullopt;
  std::optional<int> gradient_accumulation_steps = std::nullopt;
  std::string name = "rm_sprop";
  double decay = 0;  ///< Keras 2: the rate is learning_rate / (1 + decay * step), which is InverseTimeDecay
  static constexpr double default_rate = 0.001;
  static constexpr auto positional = std::tuple(&RMSpropConfig::learning_rate);
  void fields(ConfigVisitor& v);
  void check() const;
};

class CORNU_EXPORT RMSpropOptimizer : public Configured<Optimizer, RMSpropConfig> {
 public:
  using Configured::Configured;

 protected:
  void add_slots(const std::vector<Variable>& variables) override;
  Tensor step(const Step& s) override;
};

/// Divides gradients by the root of their moving mean square: v = rho v + (1 - rho) g^2, w -= rate * g / sqrt(v +
/// epsilon); centered: v minus the square of the gradients' moving mean; momentum m: u = m u + rate * g / …, w -= u.
/// Keras: `RMSprop` (Hinton 2012); the older rule with epsilon outside the root is legacy::RMSprop.
///
///     auto rmsprop = optimizers::RMSprop({.lr = 0.001, .rho = 0.9, .epsilon = 1e-08, .decay = 0.0});
///
/// Throws ValueError for rho or momentum outside [0, 1], a negative epsilon, and see Optimizer.
using RMSprop = Handle<RMSpropOptimizer>;

}  // namespace cornu::keras::optimizers
