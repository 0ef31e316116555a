#include "cornu/keras/optimizers/lamb.h"

#include "cornu/keras/optimizers/internal/moments.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::optimizers {
namespace {

Tensor norm(const Tensor& x) { return ops::sqrt(ops::sum(ops::square(x))); }

struct LambOptimizer final : Configured<Optimizer, LambConfig> {
  explicit LambOptimizer(const LambConfig& config) : Configured(config) { internal::check_moments(config); }

  void add_slots(const std::vector<Variable>& variables) override {
    add_slots_for(variables, {{"momentum"}, {"velocity"}});
  }

  Tensors shared(const Tensor&, const Tensor& number, const Context&) const override {
    return {internal::bias(config_.beta_1, number), internal::bias(config_.beta_2, number)};
  }

  Tensor step(const Step& s) override {
    const Tensor momentum = internal::moved(s.slot("momentum"), s.gradient, config_.beta_1);
    const Tensor velocity = internal::moved(s.slot("velocity"), ops::square(s.gradient), config_.beta_2);
    s.update("momentum", momentum);
    s.update("velocity", velocity);
    const Tensor update = momentum / s.shared[0] / (ops::sqrt(velocity / s.shared[1]) + config_.epsilon);
    const Tensor zero = graph::constant(0, graph::float32), one = graph::constant(1, graph::float32);
    const Tensor weight = norm(s.value), length = norm(update);
    const Tensor ratio =
        ops::where(ops::greater(weight, zero), ops::where(ops::greater(length, zero), weight / length, one), one);
    return s.value - update * (ratio * s.rate);
  }
};

const bool lamb_registered = registry().add<LambOptimizer>("Lamb", {"lamb"}, {.since_keras3 = true});

}  // namespace

void LambConfig::fields(ConfigVisitor& v) { internal::moment_fields(*this, v); }
Made<Optimizer, LambConfig> LambConfig::make() const { return std::make_shared<LambOptimizer>(*this); }

}  // namespace cornu::keras::optimizers
