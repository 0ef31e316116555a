#include "cornu/keras/schedules/learning_rate_schedule.h"

#include <cmath>

#include "cornu/keras/internal/formula_bodies.h"

namespace cornu::keras {

template class Formula<schedules::LearningRateSchedule, graph::Tensor(const graph::Tensor&)>;

namespace schedules {

Registry<LearningRateSchedule>& LearningRateSchedule::registry() {
  static Registry<LearningRateSchedule> registry(
      "learning rate schedule", {.module = "keras.optimizers.schedules", .registry = "schedules::registry()"});
  return registry;
}

void require_argument(std::string_view schedule, std::string_view argument, double value) {
  graph::require<graph::ValueError>(std::isfinite(value), '[', schedule, "] needs `", argument,
                                    "`, a finite number; got ", value);
}

void require_steps(std::string_view schedule, std::string_view argument, std::int64_t steps) {
  graph::require<graph::ValueError>(steps > 0, '[', schedule, "] `", argument, "` must be > 0, got ", steps);
}

}  // namespace schedules
}  // namespace cornu::keras
