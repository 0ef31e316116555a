#pragma once

#include <vector>

#include "cornu/keras/literal.h"
#include "cornu/keras/schedules/learning_rate_schedule.h"

namespace cornu::keras::schedules {

/// What both of the following decays are made of: `rate` gives the learning rate after so many periods of decay_steps.
template <Literal kName, Tensor (*rate)(double initial_learning_rate, double decay_rate, const Tensor& periods)>
struct RateDecayConfig {
  double initial_learning_rate = kRequired;
  std::int64_t decay_steps = 0;  ///< required
  double decay_rate = kRequired;
  bool staircase = false;
  std::string name = kName.text;
  using positional =
      Positions<&RateDecayConfig::initial_learning_rate, &RateDecayConfig::decay_steps, &RateDecayConfig::decay_rate>;
  void fields(ConfigVisitor& v);
  void check() const;
  Tensor operator()(const Tensor& step) const;
};

Tensor exponential_decay(double initial_learning_rate, double decay_rate, const Tensor& periods);
/// initial_learning_rate * decay_rate ^ (step / decay_steps); with `staircase` the exponent is rounded down. Keras:
/// `ExponentialDecay`. Throws ValueError unless the first three arguments are given and decay_steps > 0.
///
///     optimizers::Adam({.learning_rate = schedules::ExponentialDecay(0.1, 1000, 0.96)});
using ExponentialDecay = LearningRateSchedule::Of<RateDecayConfig<"ExponentialDecay", exponential_decay>>;

Tensor inverse_time_decay(double initial_learning_rate, double decay_rate, const Tensor& periods);
/// initial_learning_rate / (1 + decay_rate * step / decay_steps); with `staircase` the quotient is rounded down. Keras:
/// `InverseTimeDecay`; with decay_steps 1 it is the `decay` of Keras 2's optimizers. Throws ValueError unless the first
/// three arguments are given and decay_steps > 0.
using InverseTimeDecay = LearningRateSchedule::Of<RateDecayConfig<"InverseTimeDecay", inverse_time_decay>>;

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
  Tensor operator()(const Tensor& step) const;
};

/// From initial_learning_rate to end_learning_rate within decay_steps: (initial - end) * (1 - step / decay_steps) ^
/// power + end, then the end rate. With `cycle` decay_steps is multiplied by the smallest whole number that makes it
/// reach the step. Keras: `PolynomialDecay`. Throws ValueError unless the first two arguments are given and decay_steps
/// > 0.
using PolynomialDecay = LearningRateSchedule::Of<PolynomialDecayConfig>;

struct PiecewiseConstantDecayConfig {
  std::vector<int> boundaries = {};  ///< ascending
  std::vector<double> values = {};
  std::string name = "PiecewiseConstant";
  using positional = Positions<&PiecewiseConstantDecayConfig::boundaries, &PiecewiseConstantDecayConfig::values>;
  void fields(ConfigVisitor& v);
  void check() const;
  Tensor operator()(const Tensor& step) const;
};

/// values[0] up to and including step boundaries[0], values[1] up to boundaries[1], …, after the last boundary the last
/// value. Keras: `PiecewiseConstantDecay`. Throws ValueError unless there is one value more than boundaries, and at
/// least one boundary.
class CORNU_EXPORT PiecewiseConstantDecay : public LearningRateSchedule::Of<PiecewiseConstantDecayConfig> {
 public:
  using FormulaOf::FormulaOf;
  /// `PiecewiseConstantDecay({100, 200}, {0.1, 0.01, 0.001})`
  PiecewiseConstantDecay(std::vector<int> boundaries, std::vector<double> values)
      : FormulaOf(PiecewiseConstantDecayConfig{std::move(boundaries), std::move(values)}) {}
};

}  // namespace cornu::keras::schedules
