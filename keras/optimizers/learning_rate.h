#pragma once

#include <optional>

#include "cornu/keras/schedules/learning_rate_schedule.h"

namespace cornu::keras {

/// A number or a schedule: `.learning_rate = 0.01`, `.learning_rate = schedules::ExponentialDecay({...})`.
class LearningRate {
 public:
  LearningRate(double value) : value_(value) {}  // NOLINT: converts
  template <class S>
  requires std::convertible_to<S, Arg<schedules::LearningRateSchedule>> &&
      (!std::convertible_to<S, double>)LearningRate(S schedule)
      : schedule_(Arg<schedules::LearningRateSchedule>(std::move(schedule))) {}  // NOLINT: converts

  double value() const { return value_; }
  /// Empty if the rate is a number.
  const Shared<schedules::LearningRateSchedule>& schedule() const { return schedule_; }

 private:
  double value_ = 0;
  Shared<schedules::LearningRateSchedule> schedule_;
};

/// A rate as a field of a config.
class CORNU_EXPORT LearningRateSlot final : public ObjectSlot {
 public:
  explicit LearningRateSlot(std::optional<LearningRate>& rate) : rate_(rate) {}
  const AnyRegistry& registry() const override { return schedules::registry(); }
  const Object* get() const override { return rate_ ? rate_->schedule().pointer().get() : nullptr; }
  void set(std::shared_ptr<Object> object) override;
  void set_name(const std::string& name) override;
  std::optional<double> number() const override;
  bool set_number(double number) override { return rate_ = number, true; }

 private:
  std::optional<LearningRate>& rate_;
};
inline LearningRateSlot object_slot(std::optional<LearningRate>& rate) { return LearningRateSlot(rate); }

/// The rate that an optimizer's config means: `learning_rate` or Keras 2's `lr`, else the default; with a `decay` above
/// 0 it is `InverseTimeDecay` with decay_steps 1 and that rate. Throws ValueError if both are given, for a rate or
/// decay that is negative or no finite number, and for a decay of a schedule.
LearningRate learning_rate_of(std::string_view optimizer, const std::optional<LearningRate>& learning_rate,
                              const std::optional<LearningRate>& lr, double default_rate, double decay = 0);

}  // namespace cornu::keras

namespace cornu::keras::optimizers {
namespace schedules = keras::schedules;
}  // namespace cornu::keras::optimizers
