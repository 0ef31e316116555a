#include "cornu/keras/optimizers/ftrl.h"

#include <cmath>
#include <limits>

#include "cornu/keras/optimizers/legacy/ftrl.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"

namespace cornu::keras::optimizers {
namespace {

template <class Config>
void ftrl_fields(Config& c, ConfigVisitor& v) {
  v("learning_rate_power", c.learning_rate_power);
  v("initial_accumulator_value", c.initial_accumulator_value);
  v("l1_regularization_strength", c.l1_regularization_strength);
  v("l2_regularization_strength", c.l2_regularization_strength);
  v("l2_shrinkage_regularization_strength", c.l2_shrinkage_regularization_strength);
  v("beta", c.beta);
}

/// The rule, for each of the configs that have its arguments.
template <class Config>
struct FtrlOptimizer final : Configured<Optimizer, Config> {
  explicit FtrlOptimizer(const Config& config) : Configured<Optimizer, Config>(config) {
    graph::require<graph::ValueError>(std::isfinite(config.learning_rate_power) && config.learning_rate_power <= 0, '[',
                                      config.name, "] `learning_rate_power` must be a finite number <= 0, got ",
                                      config.learning_rate_power);
    const auto check = [&](std::string_view argument, double value) {
      require_between(config.name, argument, value, 0, std::numeric_limits<double>::infinity());
    };
    check("initial_accumulator_value", config.initial_accumulator_value);
    check("l1_regularization_strength", config.l1_regularization_strength);
    check("l2_regularization_strength", config.l2_regularization_strength);
    check("l2_shrinkage_regularization_strength", config.l2_shrinkage_regularization_strength);
    check("beta", config.beta);
  }

  // Variable by variable, also in Keras 2's older one.
  void add_slots(const std::vector<Variable>& variables) override {
    for (const Variable& v : variables) {
      this->add_slot(v, "accumulator", "", this->config_.initial_accumulator_value);
      this->add_slot(v, "linear");
    }
  }

  Tensor step(const Optimizer::Step& s) override {
    const Config& c = this->config_;
    const auto powered = [&](const Tensor& x) {
      return c.learning_rate_power == -0.5 ? ops::sqrt(x) : ops::power(x, -c.learning_rate_power);
    };
    const Tensor old_sum = s.slot("accumulator"), sum = old_sum + ops::square(s.gradient);
    const Tensor power = powered(sum), shrinkage = s.value * (2 * c.l2_shrinkage_regularization_strength);
    const Tensor linear = s.slot("linear") + s.gradient + shrinkage - (power - powered(old_sum)) / s.rate * s.value;
    s.update("accumulator", sum);
    s.update("linear", linear);
    const double l1 = c.l1_regularization_strength;
    return (ops::clip(linear, -l1, l1) - linear) / ((power + c.beta) / s.rate + 2 * c.l2_regularization_strength);
  }
};

const bool ftrl_registered =
    registry().add<FtrlOptimizer<FtrlConfig>>("Ftrl", {"ftrl"}, {.keras2_package = "Custom"}) &&
    legacy::registry().add<FtrlOptimizer<legacy::FtrlConfig>>("Ftrl");

}  // namespace

void FtrlConfig::fields(ConfigVisitor& v) { ftrl_fields(*this, v); }
Made<Optimizer, FtrlConfig> FtrlConfig::make() const { return std::make_shared<FtrlOptimizer<FtrlConfig>>(*this); }

void legacy::FtrlConfig::fields(ConfigVisitor& v) { ftrl_fields(*this, v); }
Made<Optimizer, legacy::FtrlConfig> legacy::FtrlConfig::make() const {
  return std::make_shared<FtrlOptimizer<FtrlConfig>>(*this);
}

}  // namespace cornu::keras::optimizers
