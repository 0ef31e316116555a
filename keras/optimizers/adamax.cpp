#include "cornu/keras/optimizers/adamax.h"

#include "cornu/keras/optimizers/internal/moments.h"
#include "cornu/keras/optimizers/legacy/adamax.h"
#include "cornu/ops/eltwise.h"

namespace cornu::keras::optimizers {
namespace {

/// The rule, for each of the configs that have its arguments.
template <class Config>
struct AdamaxOptimizer final : Configured<Optimizer, Config> {
  explicit AdamaxOptimizer(const Config& config) : Configured<Optimizer, Config>(with_epsilon(config)) {
    internal::check_moments(config);
  }

  void add_slots(const std::vector<Variable>& variables) override {
    this->add_slots_for(variables, {{"momentum", "m"}, {"norm", is_legacy_config<Config> ? "v" : "u"}});
  }

  Tensors shared(const Tensor& rate, const Tensor& number, const Context&) const override {
    return {rate / internal::bias(this->config_.beta_1, number)};
  }

  Tensor step(const Optimizer::Step& s) override {
    const Config& c = this->config_;
    const Tensor momentum = internal::moved(s.slot("momentum"), s.gradient, c.beta_1);
    const Tensor norm = ops::maximum(s.slot("norm") * c.beta_2, ops::abs(s.gradient));
    s.update("momentum", momentum);
    s.update("norm", norm);
    return s.value - momentum * s.shared[0] / (norm + c.epsilon);
  }
};

const bool adamax_registered =
    registry().add<AdamaxOptimizer<AdamaxConfig>>("Adamax", {"adamax"}, {.keras2_package = "Custom"}) &&
    legacy::registry().add<AdamaxOptimizer<legacy::AdamaxConfig>>("Adamax");

}  // namespace

void AdamaxConfig::fields(ConfigVisitor& v) { internal::moment_fields(*this, v); }
Made<Optimizer, AdamaxConfig> AdamaxConfig::make() const {
  return std::make_shared<AdamaxOptimizer<AdamaxConfig>>(*this);
}

void legacy::AdamaxConfig::fields(ConfigVisitor& v) { internal::moment_fields(*this, v); }
Made<Optimizer, legacy::AdamaxConfig> legacy::AdamaxConfig::make() const {
  return std::make_shared<AdamaxOptimizer<AdamaxConfig>>(*this);
}

}  // namespace cornu::keras::optimizers
