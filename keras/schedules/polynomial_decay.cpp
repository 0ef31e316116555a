#include "cornu/keras/schedules/polynomial_decay.h"

#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"

namespace cornu::keras::schedules {

static const bool registered = registry().add<PolynomialDecay, PolynomialDecayConfig>("PolynomialDecay");

PolynomialDecay::PolynomialDecay(PolynomialDecayConfig config) : config_(std::move(config)) {
  require_argument("PolynomialDecay", "initial_learning_rate", config_.initial_learning_rate);
  require_steps("PolynomialDecay", "decay_steps", config_.decay_steps);
  require_argument("PolynomialDecay", "end_learning_rate", config_.end_learning_rate);
  require_argument("PolynomialDecay", "power", config_.power);
}

Tensor PolynomialDecay::operator()(const Tensor& step) const {
  const double steps = static_cast<double>(config_.decay_steps);
  const Tensor one = graph::constant(1, step.dtype());
  Tensor done;
  if (config_.cycle) {
    const Tensor cycles = ops::maximum(-ops::floor(-(step / steps)), one);  // rounded up
    done = step / (cycles * steps);
  } else {
    done = ops::minimum(step / steps, one);
  }
  const Tensor left =
      config_.power == 1 ? 1 - done : ops::power(1 - done, graph::constant(config_.power, step.dtype()));
  return left * (config_.initial_learning_rate - config_.end_learning_rate) + config_.end_learning_rate;
}

}  // namespace cornu::keras::schedules
