#pragma once

#include "cornu/keras/schedules/learning_rate_schedule.h"

namespace cornu::keras::schedules {

struct PolynomialDecayConfig {
  double initial_learning_rate = kRequired;
  std::int64_t decay_steps = 0;  ///< required
  double end_learning_rate = 0.0001;
  double power = 1;
  bool cycle = false;
  std::string name = "PolynomialDecay";

  void fields(ConfigVisitor& v) {
    v("initial_learning_rate", initial_learning_rate);
    v("decay_steps", decay_steps);
    v("end_learning_rate", end_learning_rate);
    v("power", power);
    v("cycle", cycle);
    v("name", name);
  }
};

/// From initial_learning_rate to end_learning_rate within decay_steps: (initial - end) * (1 - step / decay_steps) ^
/// power + end, then the end rate. With `cycle` decay_steps is multiplied by the smallest whole number that makes it
/// reach the step. Keras: `PolynomialDecay`. Throws ValueError unless the first two arguments are given and decay_steps
/// > 0.
class CORNU_EXPORT PolynomialDecay : public LearningRateSchedule {
 public:
  explicit PolynomialDecay(PolynomialDecayConfig config);
  Tensor operator()(const Tensor& step) const override;
  void fields(ConfigVisitor& v) override { config_.fields(v); }

 private:
  PolynomialDecayConfig config_;
};

}  // namespace cornu::keras::schedules
