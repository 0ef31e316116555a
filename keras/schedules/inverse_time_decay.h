#pragma once

#include "cornu/keras/schedules/learning_rate_schedule.h"

namespace cornu::keras::schedules {

struct InverseTimeDecayConfig {
  double initial_learning_rate = kRequired;
  std::int64_t decay_steps = 0;  ///< required
  double decay_rate = kRequired;
  bool staircase = false;
  std::string name = "InverseTimeDecay";

  void fields(ConfigVisitor& v) {
    v("initial_learning_rate", initial_learning_rate);
    v("decay_steps", decay_steps);
    v("decay_rate", decay_rate);
    v("staircase", staircase);
    v("name", name);
  }
};

/// initial_learning_rate / (1 + decay_rate * step / decay_steps); with `staircase` the quotient is rounded down. Keras:
/// `InverseTimeDecay`; with decay_steps 1 it is the `decay` of Keras 2's optimizers. Throws ValueError unless the first
/// three arguments are given and decay_steps > 0.
class CORNU_EXPORT InverseTimeDecay : public LearningRateSchedule {
 public:
  explicit InverseTimeDecay(InverseTimeDecayConfig config);
  Tensor operator()(const Tensor& step) const override;
  void fields(ConfigVisitor& v) override { config_.fields(v); }

 private:
  InverseTimeDecayConfig config_;
};

}  // namespace cornu::keras::schedules
