#include "cornu/keras/optimizers/sgd.h"

#include "cornu/keras/optimizers/legacy/sgd.h"
#include "cornu/ops/binary.h"

namespace cornu::keras::optimizers {
namespace {

template <class Config>
void sgd_fields(Config& c, ConfigVisitor& v) {
  v("momentum", c.momentum);
  v("nesterov", c.nesterov);
}

/// The rule, for each of the configs that have its arguments.
template <class Config>
struct SGDOptimizer final : Configured<Optimizer, Config> {
  explicit SGDOptimizer(const Config& config) : Configured<Optimizer, Config>(config) {
    require_between(config.name, "momentum", config.momentum, 0, 1);
  }

  void add_slots(const std::vector<Variable>& variables) override {
    for (const Variable& v : variables) {
      if (this->config_.momentum != 0)
        this->add_slot(v, "momentum", is_legacy_config<Config> ? "momentum" : "m");
      else if (!is_legacy_config<Config>)
        this->add_unused_slot(v, "m");
    }
  }

  Tensor step(const Optimizer::Step& s) override {
    const Config& c = this->config_;
    const Tensor change = s.gradient * s.rate;
    if (c.momentum == 0) return s.value - change;
    const Tensor momentum = s.slot("momentum") * c.momentum - change;
    s.update("momentum", momentum);
    return s.value + (c.nesterov ? momentum * c.momentum - change : momentum);
  }
};

const bool sgd_registered = registry().add<SGDOptimizer<SGDConfig>>("SGD", {"sgd"}, {.keras2_package = "Custom"}) &&
                            legacy::registry().add<SGDOptimizer<legacy::SGDConfig>>("SGD");

}  // namespace

void SGDConfig::fields(ConfigVisitor& v) { sgd_fields(*this, v); }
Made<Optimizer, SGDConfig> SGDConfig::make() const { return std::make_shared<SGDOptimizer<SGDConfig>>(*this); }

void legacy::SGDConfig::fields(ConfigVisitor& v) { sgd_fields(*this, v); }
Made<Optimizer, legacy::SGDConfig> legacy::SGDConfig::make() const {
  return std::make_shared<SGDOptimizer<SGDConfig>>(*this);
}

}  // namespace cornu::keras::optimizers
