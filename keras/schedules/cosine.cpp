#include "cornu/keras/schedules/cosine.h"

#include <cmath>
#include <numbers>

#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/select.h"

namespace cornu::keras::schedules {

static const bool cosine_registered =
    registry().add<CosineDecay>("CosineDecay") && registry().add<CosineDecayRestarts>("CosineDecayRestarts");

void CosineDecayConfig::fields(ConfigVisitor& v) {
  v("initial_learning_rate", initial_learning_rate);
  v("decay_steps", decay_steps);
  v("alpha", alpha);
  v("name", name);
  v("warmup_target", warmup_target);
  v("warmup_steps", warmup_steps);
}
void CosineDecayConfig::check() const {
  require_argument("CosineDecay", "initial_learning_rate", initial_learning_rate);
  require_steps("CosineDecay", "decay_steps", decay_steps);
  require_argument("CosineDecay", "alpha", alpha);
  graph::require<graph::ValueError>(warmup_steps >= 0, "[CosineDecay] `warmup_steps` must be >= 0, got ", warmup_steps);
  if (warmup_target) require_argument("CosineDecay", "warmup_target", *warmup_target);
}
Tensor CosineDecayConfig::operator()(const Tensor& step) const {
  const double steps = static_cast<double>(decay_steps);
  const double warmup = static_cast<double>(warmup_steps);
  const auto decayed = [&](const Tensor& at, double from) {
    const Tensor cosine = (ops::cos(at / steps * std::numbers::pi) + 1) * 0.5;
    return (cosine * (1 - alpha) + alpha) * from;
  };
  if (!warmup_target) return decayed(ops::minimum(step, graph::constant(steps, step.dtype())), initial_learning_rate);
  const double target = *warmup_target;
  const Tensor now = ops::minimum(step, graph::constant(steps + warmup, step.dtype()));
  const Tensor falling = decayed(now - warmup, target);
  if (warmup_steps == 0) return falling;
  const Tensor rising = now / warmup * (target - initial_learning_rate) + initial_learning_rate;
  return ops::where(ops::less(now, graph::constant(warmup, step.dtype())), rising, falling);
}

void CosineDecayRestartsConfig::fields(ConfigVisitor& v) {
  v("initial_learning_rate", initial_learning_rate);
  v("first_decay_steps", first_decay_steps);
  v("t_mul", t_mul);
  v("m_mul", m_mul);
  v("alpha", alpha);
  v("name", name);
}
void CosineDecayRestartsConfig::check() const {
  require_argument("CosineDecayRestarts", "initial_learning_rate", initial_learning_rate);
  require_steps("CosineDecayRestarts", "first_decay_steps", first_decay_steps);
  require_argument("CosineDecayRestarts", "m_mul", m_mul);
  require_argument("CosineDecayRestarts", "alpha", alpha);
  graph::require<graph::ValueError>(std::isfinite(t_mul) && t_mul > 0,
                                    "[CosineDecayRestarts] `t_mul` must be > 0, got ", t_mul);
}
Tensor CosineDecayRestartsConfig::operator()(const Tensor& step) const {
  const auto scalar = [&](double value) { return graph::constant(value, step.dtype()); };
  const double t = t_mul;
  const Tensor elapsed = step / static_cast<double>(first_decay_steps);
  Tensor restarts, done;  // whole periods so far, and the part of the present one
  if (t == 1) {
    restarts = ops::floor(elapsed);
    done = elapsed - restarts;
  } else {
    restarts = ops::floor(ops::log(1 - elapsed * (1 - t)) / ops::log(scalar(t)));
    const Tensor length = ops::power(scalar(t), restarts);
    done = (elapsed - (1 - length) / (1 - t)) / length;
  }
  const Tensor height = m_mul == 1 ? scalar(0.5) : ops::power(scalar(m_mul), restarts) * 0.5;
  const Tensor cosine = (ops::cos(done * std::numbers::pi) + 1) * height;
  return (cosine * (1 - alpha) + alpha) * initial_learning_rate;
}

}  // namespace cornu::keras::schedules
