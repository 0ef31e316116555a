#include "cornu/keras/optimizers/adadelta.h"

#include <limits>

#include "cornu/keras/optimizers/legacy/adadelta.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"

namespace cornu::keras::optimizers {
namespace {

template <class Config>
void adadelta_fields(Config& c, ConfigVisitor& v) {
  v("rho", c.rho);
  v("epsilon", c.epsilon);
}

/// The rule, for each of the configs that have its arguments. Keras 2's has other names for the slots.
template <class Config>
struct AdadeltaOptimizer final : Configured<Optimizer, Config> {
  static constexpr const char* kSquares = is_legacy_config<Config> ? "accum_grad" : "accumulated_grad";
  static constexpr const char* kSteps = is_legacy_config<Config> ? "accum_var" : "accumulated_delta_var";

  explicit AdadeltaOptimizer(const Config& config) : Configured<Optimizer, Config>(with_epsilon(config)) {
    require_between(config.name, "rho", config.rho, 0, 1);
    require_between(config.name, "epsilon", config.epsilon, 0, std::numeric_limits<double>::infinity());
  }

  void add_slots(const std::vector<Variable>& variables) override {
    this->add_slots_for(variables, {{kSquares}, {kSteps}});
  }

  Tensor step(const Optimizer::Step& s) override {
    const Config& c = this->config_;
    const auto mean_square = [&](const Tensor& mean, const Tensor& x) {
      return mean * c.rho + ops::square(x) * (1 - c.rho);
    };
    const Tensor squares = mean_square(s.slot(kSquares), s.gradient), steps = s.slot(kSteps);
    const Tensor change = s.gradient * ops::sqrt(steps + c.epsilon) / ops::sqrt(squares + c.epsilon);
    s.update(kSquares, squares);
    s.update(kSteps, mean_square(steps, change));
    return s.value - change * s.rate;
  }
};

const bool adadelta_registered =
    registry().add<AdadeltaOptimizer<AdadeltaConfig>>("Adadelta", {"adadelta"}, {.keras2_package = "Custom"}) &&
    legacy::registry().add<AdadeltaOptimizer<legacy::AdadeltaConfig>>("Adadelta");

}  // namespace

void AdadeltaConfig::fields(ConfigVisitor& v) { adadelta_fields(*this, v); }
Made<Optimizer, AdadeltaConfig> AdadeltaConfig::make() const {
  return std::make_shared<AdadeltaOptimizer<AdadeltaConfig>>(*this);
}

void legacy::AdadeltaConfig::fields(ConfigVisitor& v) { adadelta_fields(*this, v); }
Made<Optimizer, legacy::AdadeltaConfig> legacy::AdadeltaConfig::make() const {
  return std::make_shared<AdadeltaOptimizer<AdadeltaConfig>>(*this);
}

}  // namespace cornu::keras::optimizers
