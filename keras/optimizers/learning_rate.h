#pragma once

#include "cornu/graph/tensor.h"
#include "cornu/keras/registry.h"

namespace cornu::keras {

namespace schedules {

/// A learning rate that follows the step number.
class CORNU_EXPORT LearningRateSchedule : public Object {
 public:
  /// The rate of step 0, 1, …: `step` is a float32 scalar, so is the rate.
  virtual graph::Tensor operator()(const graph::Tensor& step) const = 0;
  static Shared<LearningRateSchedule> from_name(const std::string& name);
};

Registry<LearningRateSchedule>& registry();

}  // namespace schedules

/// A number or a schedule: `.learning_rate = 0.01`, `.learning_rate = schedules::ExponentialDecay({...})`.
class LearningRate {
 public:
  LearningRate(double value) : value_(value) {}                                                     // NOLINT: converts
  template <class S>
    requires std::convertible_to<S, Arg<schedules::LearningRateSchedule>> && (!std::convertible_to<S, double>)
  LearningRate(S schedule) : schedule_(Arg<schedules::LearningRateSchedule>(std::move(schedule))) {}  // NOLINT: converts

  double value() const { return value_; }
  /// Empty if the rate is a number.
  const Shared<schedules::LearningRateSchedule>& schedule() const { return schedule_; }

 private:
  double value_ = 0;
  Shared<schedules::LearningRateSchedule> schedule_;
};

}  // namespace cornu::keras

namespace cornu::keras::optimizers {
namespace schedules = keras::schedules;
}  // namespace cornu::keras::optimizers
