#include "cornu/keras/optimizers/schedule_free_adamw.h"

#include "cornu/keras/optimizers/internal/moments.h"
#include "cornu/ops/eltwise.h"

namespace cornu::keras::optimizers {
namespace {

struct ScheduleFreeAdamWOptimizer final : Configured<Optimizer, ScheduleFreeAdamWConfig> {
  explicit ScheduleFreeAdamWOptimizer(const ScheduleFreeAdamWConfig& c) : Configured(c) {
    graph::require<graph::ValueError>(c.beta_1 > 0 && c.beta_1 <= 1, '[', c.name, "] `beta_1` must be in (0, 1], got ",
                                      c.beta_1);
    internal::require_beta(c.name, "beta_2", c.beta_2);
    require_between(c.name, "epsilon", c.epsilon, 0, std::numeric_limits<double>::infinity());
    require_between(c.name, "warmup_steps", c.warmup_steps, 0, std::numeric_limits<double>::infinity());
  }

  void add_slots(const std::vector<Variable>& variables) override {
    for (const Variable& v : variables) {
      add_slot(v, "momentum", "", v.value());
      add_slot(v, "velocity");
    }
  }

  /// The rate with its warm-up, what velocity is divided by, and the weight of the fast sequence in the mean.
  Tensors shared(const Tensor& rate, const Tensor& number, const Context&) const override {
    const Tensor warmth = ops::minimum(number / std::max(config_.warmup_steps, 1), graph::constant(1, graph::float32));
    return {config_.warmup_steps > 0 ? rate * warmth : rate, internal::bias(config_.beta_2, number), 1 / number};
  }

  Tensor step(const Step& s) override {
    const double beta = config_.beta_1;
    const Tensor &rate = s.shared[0], &bias = s.shared[1], &weight = s.shared[2];
    const Tensor velocity = internal::moved(s.slot("velocity"), ops::square(s.gradient), config_.beta_2);
    const Tensor before = s.slot("momentum");
    const Tensor fast = before - s.gradient * rate / (ops::sqrt(velocity / bias) + config_.epsilon);
    const Tensor mean = (s.value - before * (1 - beta)) / beta;
    s.update("velocity", velocity);
    s.update("momentum", fast);
    return fast * (1 - beta) + (mean * (1 - weight) + fast * weight) * beta;
  }
};

const bool schedule_free_adamw_registered =
    registry().add<ScheduleFreeAdamWOptimizer>("ScheduleFreeAdamW", {"schedulefreeadamw"}, {.since_keras3 = true});

}  // namespace

void ScheduleFreeAdamWConfig::fields(ConfigVisitor& v) {
  internal::moment_fields(*this, v);
  v("warmup_steps", warmup_steps);
}
Made<Optimizer, ScheduleFreeAdamWConfig> ScheduleFreeAdamWConfig::make() const {
  return std::make_shared<ScheduleFreeAdamWOptimizer>(*this);
}

}  // namespace cornu::keras::optimizers
