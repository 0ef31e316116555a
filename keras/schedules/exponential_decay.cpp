#include "cornu/keras/schedules/exponential_decay.h"

#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"

namespace cornu::keras::schedules {

static const bool registered = registry().add<ExponentialDecay, ExponentialDecayConfig>("ExponentialDecay");

ExponentialDecay::ExponentialDecay(ExponentialDecayConfig config) : config_(std::move(config)) {
  require_argument("ExponentialDecay", "initial_learning_rate", config_.initial_learning_rate);
  require_steps("ExponentialDecay", "decay_steps", config_.decay_steps);
  require_argument("ExponentialDecay", "decay_rate", config_.decay_rate);
}

Tensor ExponentialDecay::operator()(const Tensor& step) const {
  const Tensor elapsed = step / static_cast<double>(config_.decay_steps);
  const Tensor exponent = config_.staircase ? ops::floor(elapsed) : elapsed;
  return ops::power(graph::constant(config_.decay_rate, step.dtype()), exponent) * config_.initial_learning_rate;
}

}  // namespace cornu::keras::schedules
