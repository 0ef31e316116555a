#pragma once

#include <functional>
#include <type_traits>
#include <utility>

#include "cornu/keras/callbacks/callback.h"

namespace cornu::keras::callbacks {

/// A function of the epoch (from 0), or of the epoch and the present rate, that gives the rate: `[](int epoch, double
/// lr) { return lr * 0.9; }`.
class Schedule {
 public:
  Schedule() = default;
  template <class F>
  requires(!std::is_same_v<std::remove_cvref_t<F>, Schedule> &&
           (std::is_invocable_r_v<double, F&, int, double> || std::is_invocable_r_v<double, F&, int>))
      Schedule(F function) {  // NOLINT: a function
    if constexpr (std::is_invocable_r_v<double, F&, int, double>)
      function_ = std::move(function);
    else
      function_ = [function = std::move(function)](int epoch, double) mutable -> double { return function(epoch); };
  }
  double operator()(int epoch, double rate) const { return function_(epoch, rate); }
  explicit operator bool() const { return static_cast<bool>(function_); }

 private:
  std::function<double(int, double)> function_;
};

struct LearningRateSchedulerConfig {
  Schedule schedule = {};
  int verbose = 0;  ///< 1: says so
};

class CORNU_EXPORT LearningRateSchedulerCallback : public Callback {
 public:
  /// Throws ValueError without a schedule.
  explicit LearningRateSchedulerCallback(LearningRateSchedulerConfig config);

  void on_epoch_begin(int epoch, const Logs& logs) override;
  void add_to_logs(int epoch, Logs& logs) override;  ///< "learning_rate": the one of this epoch

 private:
  LearningRateSchedulerConfig config_;
};

/// Sets the learning rate at the beginning of each epoch (Keras' LearningRateScheduler). Throws TypeError in training
/// if the optimizer's rate follows a schedule of its own.
///
///     callbacks::LearningRateScheduler([](int epoch, double lr) { return epoch < 10 ? lr : lr * std::exp(-0.1); })
class CORNU_EXPORT LearningRateScheduler : public Handle<LearningRateSchedulerCallback, LearningRateSchedulerConfig> {
 public:
  LearningRateScheduler(LearningRateSchedulerConfig config);  // NOLINT: from a config
  LearningRateScheduler(Schedule schedule, int verbose = 0);  // NOLINT: from a function
};

}  // namespace cornu::keras::callbacks
