#pragma once

#include <limits>

#include "cornu/graph/tensor.h"
#include "cornu/keras/configured.h"
#include "cornu/keras/registry.h"

namespace cornu::keras::schedules {

using graph::Tensor;

/// A learning rate that follows the step number. Deriving from it and giving `operator()` makes one of your own; it is
/// stateless.
class CORNU_EXPORT LearningRateSchedule : public Object {
 public:
  /// The rate of step 0, 1, …: `step` is a float32 tensor (a scalar in training), the rate has its shape. Computed in
  /// float32, as in Keras.
  virtual Tensor operator()(const Tensor& step) const = 0;
  /// By class name: "ExponentialDecay", … Throws ValueError with the known names, or because such a schedule needs
  /// arguments.
  static Shared<LearningRateSchedule> from_name(const std::string& name);
  static Registry<LearningRateSchedule>& registry();
  const AnyRegistry* kind() const override { return &registry(); }
};

inline Registry<LearningRateSchedule>& registry() { return LearningRateSchedule::registry(); }

/// Default of an argument that must be given: not a number.
inline constexpr double kRequired = std::numeric_limits<double>::quiet_NaN();
/// Throws ValueError unless the argument was given and is finite: `[ExponentialDecay] needs …`.
void require_argument(std::string_view schedule, std::string_view argument, double value);
/// Throws ValueError unless the number of steps is above 0.
void require_steps(std::string_view schedule, std::string_view argument, std::int64_t steps);

}  // namespace cornu::keras::schedules
