#include "cornu/keras/optimizers/learning_rate.h"

#include <cmath>

#include "cornu/keras/schedules/decay.h"

namespace cornu::keras {

using graph::require;
using graph::ValueError;

void LearningRateSlot::set(std::shared_ptr<Object> object) {
  if (object)
    rate_ = LearningRate(std::static_pointer_cast<schedules::LearningRateSchedule>(object));
  else
    rate_ = std::nullopt;
}

void LearningRateSlot::set_name(const std::string& name) {
  rate_ = LearningRate(schedules::LearningRateSchedule::from_name(name));
}

std::optional<double> LearningRateSlot::number() const {
  return rate_ && !rate_->schedule() ? std::optional(rate_->value()) : std::nullopt;
}

LearningRate learning_rate_of(std::string_view optimizer, const std::optional<LearningRate>& learning_rate,
                              const std::optional<LearningRate>& lr, double default_rate, double decay) {
  require<ValueError>(!learning_rate || !lr, '[', optimizer,
                      "] got both `learning_rate` and `lr`, which mean the same: give one");
  require<ValueError>(std::isfinite(decay) && decay >= 0, '[', optimizer,
                      "] `decay` must be a finite number >= 0, got ", decay);
  const LearningRate rate = learning_rate ? *learning_rate : lr ? *lr : LearningRate(default_rate);
  if (!rate.schedule())
    require<ValueError>(std::isfinite(rate.value()) && rate.value() >= 0, '[', optimizer,
                        "] the learning rate must be a finite number >= 0, got ", rate.value());
  if (decay == 0) return rate;
  require<ValueError>(!rate.schedule(), '[', optimizer,
                      "] `decay` is for a learning rate that is a number; it is a schedule already");
  return schedules::InverseTimeDecay({.initial_learning_rate = rate.value(), .decay_steps = 1, .decay_rate = decay});
}

}  // namespace cornu::keras
