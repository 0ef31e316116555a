#include "cornu/keras/optimizers/adam.h"

#include "cornu/keras/optimizers/internal/moments.h"
#include "cornu/keras/optimizers/legacy/adam.h"
#include "cornu/ops/eltwise.h"

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
    for (const Variable& v : variables) {
      this->add_slot(v, "momentum", "m");
      if (!is_legacy_config<Config>) this->add_slot(v, "velocity", "v");
    }
    // Keras 2's files list them by slot, not by variable.
    if (is_legacy_config<Config>)
      for (const Variable& v : variables) this->add_slot(v, "velocity", "v");
    if (this->config_.amsgrad)
      for (const Variable& v : variables) this->add_slot(v, "velocity_hat", "vhat");
  }

  Tensors shared(const Tensor& rate, const Tensor& number) const override {
    const Config& c = this->config_;
    return {rate * ops::sqrt(internal::bias(c.beta_2, number)) / internal::bias(c.beta_1, number)};
  }

  Tensor step(const Optimizer::Step& s) override {
    const Config& c = this->config_;
    const Tensor momentum = internal::moved(s.slot("momentum"), s.gradient, c.beta_1);
    const Tensor velocity = internal::moved(s.slot("velocity"), ops::square(s.gradient), c.beta_2);
    s.update("momentum", momentum);
    s.update("velocity", velocity);
    Tensor scale = velocity;
    if (c.amsgrad) {
      scale = ops::maximum(s.slot("velocity_hat"), velocity);
      s.update("velocity_hat", scale);
    }
    return s.value - momentum * s.shared[0] / (ops::sqrt(scale) + c.epsilon);
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
