#include "cornu/keras/optimizers/lion.h"

#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"

namespace cornu::keras::optimizers {
namespace {

struct LionOptimizer final : Configured<Optimizer, LionConfig> {
  explicit LionOptimizer(const LionConfig& config) : Configured(config) {
    graph::require<graph::ValueError>(config.beta_1 > 0 && config.beta_1 <= 1, '[', config.name,
                                      "] `beta_1` must be in (0, 1], got ", config.beta_1);
    require_between(config.name, "beta_2", config.beta_2, 0, 1);
  }

  void add_slots(const std::vector<Variable>& variables) override { add_slots_for(variables, {{"momentum", "m"}}); }

  Tensor step(const Step& s) override {
    // Both use the difference, by which the passes see that one loop over the memory makes both.
    const Tensor momentum = s.slot("momentum"), difference = s.gradient - momentum;
    const auto mixed = [&](double beta) { return momentum + difference * (1 - beta); };
    s.update("momentum", mixed(config_.beta_2));
    return s.value - ops::sign(mixed(config_.beta_1)) * s.rate;
  }
};

const bool lion_registered = registry().add<LionOptimizer>("Lion", {"lion"}, {.keras2_package = "Custom"});

}  // namespace

void LionConfig::fields(ConfigVisitor& v) {
  v("beta_1", beta_1);
  v("beta_2", beta_2);
}
Made<Optimizer, LionConfig> LionConfig::make() const { return std::make_shared<LionOptimizer>(*this); }

}  // namespace cornu::keras::optimizers
