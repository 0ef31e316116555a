#include "cornu/keras/schedules/cosine_decay.h"

#include <numbers>

#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/select.h"

namespace cornu::keras::schedules {

static const bool registered = registry().add<CosineDecay, CosineDecayConfig>("CosineDecay");

CosineDecay::CosineDecay(CosineDecayConfig config) : config_(std::move(config)) {
  require_argument("CosineDecay", "initial_learning_rate", config_.initial_learning_rate);
  require_steps("CosineDecay", "decay_steps", config_.decay_steps);
  require_argument("CosineDecay", "alpha", config_.alpha);
  graph::require<graph::ValueError>(config_.warmup_steps >= 0, "[CosineDecay] `warmup_steps` must be >= 0, got ",
                                    config_.warmup_steps);
  if (config_.warmup_target) require_argument("CosineDecay", "warmup_target", *config_.warmup_target);
}

Tensor CosineDecay::operator()(const Tensor& step) const {
  const double steps = static_cast<double>(config_.decay_steps);
  const double warmup = static_cast<double>(config_.warmup_steps);
  const auto decayed = [&](const Tensor& at, double from) {
    const Tensor cosine = (ops::cos(at / steps * std::numbers::pi) + 1) * 0.5;
    return (cosine * (1 - config_.alpha) + config_.alpha) * from;
  };
  if (!config_.warmup_target)
    return decayed(ops::minimum(step, graph::constant(steps, step.dtype())), config_.initial_learning_rate);
  const double target = *config_.warmup_target;
  const Tensor now = ops::minimum(step, graph::constant(steps + warmup, step.dtype()));
  const Tensor falling = decayed(now - warmup, target);
  if (config_.warmup_steps == 0) return falling;
  const Tensor rising = now / warmup * (target - config_.initial_learning_rate) + config_.initial_learning_rate;
  return ops::where(ops::less(now, graph::constant(warmup, step.dtype())), rising, falling);
}

}  // namespace cornu::keras::schedules
