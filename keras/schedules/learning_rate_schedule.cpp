#include "cornu/keras/schedules/learning_rate_schedule.h"

#include <cmath>

namespace cornu::keras::schedules {

Registry<LearningRateSchedule>& LearningRateSchedule::registry() {
  static Registry<LearningRateSchedule> registry(
      "learning rate schedule", {.module = "keras.optimizers.schedules", .registry = "schedules::registry()"});
  return registry;
}

Shared<LearningRateSchedule> LearningRateSchedule::from_name(const std::string& name) { return registry().make(name); }

void require_argument(std::string_view schedule, std::string_view argument, double value) {
  graph::require<graph::ValueError>(std::isfinite(value), '[', schedule, "] needs `", argument,
                                    "`, a finite number; got ", value);
}

void require_steps(std::string_view schedule, std::string_view argument, std::int64_t steps) {
  graph::require<graph::ValueError>(steps > 0, '[', schedule, "] `", argument, "` must be > 0, got ", steps);
}

}  // namespace cornu::keras::schedules
