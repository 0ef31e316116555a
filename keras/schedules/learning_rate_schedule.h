#pragma once

#include <limits>

#include "cornu/graph/tensor.h"
#include "cornu/keras/formula.h"

namespace cornu::keras::schedules {

using graph::Tensor;

/// A learning rate that follows the step number: `step` is a float32 tensor (a scalar in training) that counts from 0,
/// the rate has its shape. It is stateless, and computed in float32, as in Keras. By class name: "ExponentialDecay", …;
/// those need arguments, so that a name alone throws.
class CORNU_EXPORT LearningRateSchedule : public Formula<LearningRateSchedule, Tensor(const Tensor& step)> {
 public:
  static Registry<LearningRateSchedule>& registry();
};

inline Registry<LearningRateSchedule>& registry() { return LearningRateSchedule::registry(); }

/// Default of an argument that must be given: not a number.
inline constexpr double kRequired = std::numeric_limits<double>::quiet_NaN();
/// Throws ValueError unless the argument was given and is finite: `[ExponentialDecay] needs …`.
void require_argument(std::string_view schedule, std::string_view argument, double value);
/// Throws ValueError unless the number of steps is above 0.
void require_steps(std::string_view schedule, std::string_view argument, std::int64_t steps);

}  // namespace cornu::keras::schedules
