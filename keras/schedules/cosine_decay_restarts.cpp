#include "cornu/keras/schedules/cosine_decay_restarts.h"

#include <cmath>
#include <numbers>

#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"

namespace cornu::keras::schedules {

static const bool registered = registry().add<CosineDecayRestarts, CosineDecayRestartsConfig>("CosineDecayRestarts");

CosineDecayRestarts::CosineDecayRestarts(CosineDecayRestartsConfig config) : config_(std::move(config)) {
  require_argument("CosineDecayRestarts", "initial_learning_rate", config_.initial_learning_rate);
  require_steps("CosineDecayRestarts", "first_decay_steps", config_.first_decay_steps);
  require_argument("CosineDecayRestarts", "m_mul", config_.m_mul);
  require_argument("CosineDecayRestarts", "alpha", config_.alpha);
  graph::require<graph::ValueError>(std::isfinite(config_.t_mul) && config_.t_mul > 0,
                                    "[CosineDecayRestarts] `t_mul` must be > 0, got ", config_.t_mul);
}

Tensor CosineDecayRestarts::operator()(const Tensor& step) const {
  const auto scalar = [&](double value) { return graph::constant(value, step.dtype()); };
  const double t = config_.t_mul;
  const Tensor elapsed = step / static_cast<double>(config_.first_decay_steps);
  Tensor restarts, done;  // whole periods so far, and the part of the present one
  if (t == 1) {
    restarts = ops::floor(elapsed);
    done = elapsed - restarts;
  } else {
    restarts = ops::floor(ops::log(1 - elapsed * (1 - t)) / ops::log(scalar(t)));
    const Tensor length = ops::power(scalar(t), restarts);
    done = (elapsed - (1 - length) / (1 - t)) / length;
  }
  const Tensor height = config_.m_mul == 1 ? scalar(0.5) : ops::power(scalar(config_.m_mul), restarts) * 0.5;
  const Tensor cosine = (ops::cos(done * std::numbers::pi) + 1) * height;
  return (cosine * (1 - config_.alpha) + config_.alpha) * config_.initial_learning_rate;
}

}  // namespace cornu::keras::schedules
