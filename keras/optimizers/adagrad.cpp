#include "cornu/keras/optimizers/adagrad.h"

#include <limits>

#include "cornu/keras/optimizers/legacy/adagrad.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"

namespace cornu::keras::optimizers {
namespace {

template <class Config>
void adagrad_fields(Config& c, ConfigVisitor& v) {
  v("initial_accumulator_value", c.initial_accumulator_value);
  v("epsilon", c.epsilon);
}

/// The rule, for each of the configs that have its arguments. Keras 2's has epsilon in another place.
template <class Config>
struct AdagradOptimizer final : Configured<Optimizer, Config> {
  explicit AdagradOptimizer(const Config& config) : Configured<Optimizer, Config>(with_epsilon(config)) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    require_between(config.name, "initial_accumulator_value", config.initial_accumulator_value, 0, infinity);
    require_between(config.name, "epsilon", config.epsilon, 0, infinity);
  }

  void add_slots(const std::vector<Variable>& variables) override {
    this->add_slots_for(variables, {{.name = "accumulator", .initial = this->config_.initial_accumulator_value}});
  }

  Tensor step(const Optimizer::Step& s) override {
    const double epsilon = this->config_.epsilon;
    const Tensor sum = s.slot("accumulator") + ops::square(s.gradient);
    s.update("accumulator", sum);
    const Tensor root = is_legacy_config<Config> ? ops::sqrt(sum) + epsilon : ops::sqrt(sum + epsilon);
    return s.value - s.gradient * s.rate / root;
  }
};

const bool adagrad_registered =
    registry().add<AdagradOptimizer<AdagradConfig>>("Adagrad", {"adagrad"}, {.keras2_package = "Custom"}) &&
    legacy::registry().add<AdagradOptimizer<legacy::AdagradConfig>>("Adagrad");

}  // namespace

void AdagradConfig::fields(ConfigVisitor& v) { adagrad_fields(*this, v); }
Made<Optimizer, AdagradConfig> AdagradConfig::make() const {
  return std::make_shared<AdagradOptimizer<AdagradConfig>>(*this);
}

void legacy::AdagradConfig::fields(ConfigVisitor& v) { adagrad_fields(*this, v); }
Made<Optimizer, legacy::AdagradConfig> legacy::AdagradConfig::make() const {
  return std::make_shared<AdagradOptimizer<AdagradConfig>>(*this);
}

}  // namespace cornu::keras::optimizers
