#pragma once

#include "cornu/keras/schedules/learning_rate_schedule.h"

namespace cornu::keras::schedules {

struct ExponentialDecayConfig {
  double initial_learning_rate = kRequired;
  std::int64_t decay_steps = 0;  ///< required
  double decay_rate = kRequired;
  bool staircase = false;
  std::string name = "ExponentialDecay";

  void fields(ConfigVisitor& v) {
    v("initial_learning_rate", initial_learning_rate);
    v("decay_steps", decay_steps);
    v("decay_rate", decay_rate);
    v("staircase", staircase);
    v("name", name);
  }
};

/// initial_learning_rate * decay_rate ^ (step / decay_steps); with `staircase` the exponent is rounded down. Keras:
/// `ExponentialDecay`. Throws ValueError unless the first three arguments are given and decay_steps > 0.
///
///     optimizers::Adam({.learning_rate = schedules::ExponentialDecay({.initial_learning_rate = 0.1, .decay_steps =
///     1000, .decay_rate = 0.96})});
class CORNU_EXPORT ExponentialDecay : public LearningRateSchedule {
 public:
  explicit ExponentialDecay(ExponentialDecayConfig config);
  Tensor operator()(const Tensor& step) const override;
  void fields(ConfigVisitor& v) override { config_.fields(v); }

 private:
  ExponentialDecayConfig config_;
};

}  // namespace cornu::keras::schedules
