#include "cornu/keras/schedules/inverse_time_decay.h"

#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"

namespace cornu::keras::schedules {

static const bool registered = registry().add<InverseTimeDecay, InverseTimeDecayConfig>("InverseTimeDecay");

InverseTimeDecay::InverseTimeDecay(InverseTimeDecayConfig config) : config_(std::move(config)) {
  require_argument("InverseTimeDecay", "initial_learning_rate", config_.initial_learning_rate);
  require_steps("InverseTimeDecay", "decay_steps", config_.decay_steps);
  require_argument("InverseTimeDecay", "decay_rate", config_.decay_rate);
}

Tensor InverseTimeDecay::operator()(const Tensor& step) const {
  const Tensor elapsed = step / static_cast<double>(config_.decay_steps);
  const Tensor periods = config_.staircase ? ops::floor(elapsed) : elapsed;
  return config_.initial_learning_rate / (periods * config_.decay_rate + 1);
}

}  // namespace cornu::keras::schedules
