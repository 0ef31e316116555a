#include "cornu/keras/optimizers/adam.h"

#include "cornu/keras/optimizers/internal/moments.h"
#include "cornu/keras/optimizers/legacy/adam.h"

namespace cornu::keras::optimizers {
namespace {

template <class Config>
void adam_fields(Config& c, ConfigVisitor& v) {
  internal::moment_fields(c, v);
  v("amsgrad", c.amsgrad);
}

/// The rule, for each of the configs that have its arguments.
template <class Config>
struct AdamOptimizer final : Configured<Optimizer, Config> {
  explicit AdamOptimizer(const Config& config) : Configured<Optimizer, Config>(with_epsilon(config)) {
    internal::check_moments(config);
  }

  void add_slots(const std::vector<Variable>& variables) override {
    this->add_slots_for(variables, {{"momentum", "m"}, {"velocity", "v"}});
    if (this->config_.amsgrad)
      for (const Variable& v : variables) this->add_slot(v, "velocity_hat", "vhat");
  }

  Tensors shared(const Tensor& rate, const Tensor& number, const Context&) const override {
    return {internal::adam_rate(rate, number, this->config_.beta_1, this->config_.beta_2)};
  }

  Tensor step(const Optimizer::Step& s) override {
    const Config& c = this->config_;
    return internal::adam_step(s, c.beta_1, c.beta_2, c.epsilon, c.amsgrad);
  }
};

const bool adam_registered =
    registry().add<AdamOptimizer<AdamConfig>>("Adam", {"adam"}, {.keras2_package = "Custom"}) &&
    registry().add<AdamOptimizer<AdamWConfig>>("AdamW", {"adamw"}, {.keras2_package = "Custom"}) &&
    legacy::registry().add<AdamOptimizer<legacy::AdamConfig>>("Adam");

}  // namespace

void AdamConfig::fields(ConfigVisitor& v) { adam_fields(*this, v); }
Made<Optimizer, AdamConfig> AdamConfig::make() const { return std::make_shared<AdamOptimizer<AdamConfig>>(*this); }

void AdamWConfig::fields(ConfigVisitor& v) { adam_fields(*this, v); }
void AdamWConfig::check() const {
  graph::require<graph::ValueError>(weight_decay.has_value(), "[AdamW] needs `weight_decay`, a number");
}
Made<Optimizer, AdamWConfig> AdamWConfig::make() const { return std::make_shared<AdamOptimizer<AdamWConfig>>(*this); }

void legacy::AdamConfig::fields(ConfigVisitor& v) { adam_fields(*this, v); }
Made<Optimizer, legacy::AdamConfig> legacy::AdamConfig::make() const {
  return std::make_shared<AdamOptimizer<AdamConfig>>(*this);
}

}  // namespace cornu::keras::optimizers
