#pragma once

#include <vector>

#include "cornu/keras/schedules/learning_rate_schedule.h"

namespace cornu::keras::schedules {

struct ExponentialDecayConfig {
  double initial_learning_rate = kRequired;
  std::int64_t decay_steps = 0;  ///< required
  double decay_rate = kRequired;
  bool staircase = false;
  std::string name = "ExponentialDecay";
  using positional = Positions<&ExponentialDecayConfig::initial_learning_rate, &ExponentialDecayConfig::decay_steps,
                               &ExponentialDecayConfig::decay_rate>;
  void fields(ConfigVisitor& v);
  void check() const;
};

/// initial_learning_rate * decay_rate ^ (step / decay_steps); with `staircase` the exponent is rounded down. Keras:
/// `ExponentialDecay`. Throws ValueError unless the first three arguments are given and decay_steps > 0.
///
///     optimizers::Adam({.learning_rate = schedules::ExponentialDecay(0.1, 1000, 0.96)});
class CORNU_EXPORT ExponentialDecay : public Configured<LearningRateSchedule, ExponentialDecayConfig> {
 public:
  using Configured::Configured;
  Tensor operator()(const Tensor& step) const override;
};

struct InverseTimeDecayConfig {
  double initial_learning_rate = kRequired;
  std::int64_t decay_steps = 0;  ///< required
  double decay_rate = kRequired;
  bool staircase = false;
  std::string name = "InverseTimeDecay";
  using positional = Positions<&InverseTimeDecayConfig::initial_learning_rate, &InverseTimeDecayConfig::decay_steps,
                               &InverseTimeDecayConfig::decay_rate>;
  void fields(ConfigVisitor& v);
  void check() const;
};

/// initial_learning_rate / (1 + decay_rate * step / decay_steps); with `staircase` the quotient is rounded down. Keras:
/// `InverseTimeDecay`; with decay_steps 1 it is the `decay` of Keras 2's optimizers. Throws ValueError unless the first
/// three arguments are given and decay_steps > 0.
class CORNU_EXPORT InverseTimeDecay : public Configured<LearningRateSchedule, InverseTimeDecayConfig> {
 public:
  using Configured::Configured;
  Tensor operator()(const Tensor& step) const override;
};

struct PolynomialDecayConfig {
  double initial_learning_rate = kRequired;
  std::int64_t decay_steps = 0;  ///< required
  double end_learning_rate = 0.0001;
  double power = 1;
  bool cycle = false;
  std::string name = "PolynomialDecay";
  using positional = Positions<&PolynomialDecayConfig::initial_learning_rate, &PolynomialDecayConfig::decay_steps,
                               &PolynomialDecayConfig::end_learning_rate>;
  void fields(ConfigVisitor& v);
  void check() const;
};

/// From initial_learning_rate to end_learning_rate within decay_steps: (initial - end) * (1 - step / decay_steps) ^
/// power + end, then the end rate. With `cycle` decay_steps is multiplied by the smallest whole number that makes it
/// reach the step. Keras: `PolynomialDecay`. Throws ValueError unless the first two arguments are given and decay_steps
/// > 0.
class CORNU_EXPORT PolynomialDecay : public Configured<LearningRateSchedule, PolynomialDecayConfig> {
 public:
  using Configured::Configured;
  Tensor operator()(const Tensor& step) const override;
};

struct PiecewiseConstantDecayConfig {
  std::vector<int> boundaries = {};  ///< ascending
  std::vector<double> values = {};
  std::string name = "PiecewiseConstant";
  using positional = Positions<&PiecewiseConstantDecayConfig::boundaries, &PiecewiseConstantDecayConfig::values>;
  void fields(ConfigVisitor& v);
  void check() const;
};

/// values[0] up to and including step boundaries[0], values[1] up to boundaries[1], …, after the last boundary the last
/// value. Keras: `PiecewiseConstantDecay`. Throws ValueError unless there is one value more than boundaries, and at
/// least one boundary.
class CORNU_EXPORT PiecewiseConstantDecay : public Configured<LearningRateSchedule, PiecewiseConstantDecayConfig> {
 public:
  using Configured::Configured;
  /// `PiecewiseConstantDecay({100, 200}, {0.1, 0.01, 0.001})`
  PiecewiseConstantDecay(std::vector<int> boundaries, std::vector<double> values)
      : Configured(PiecewiseConstantDecayConfig{std::move(boundaries), std::move(values)}) {}
  Tensor operator()(const Tensor& step) const override;
};

}  // namespace cornu::keras::schedules
