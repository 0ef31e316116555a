#include "cornu/keras/optimizers/rmsprop.h"

#include <limits>

#include "cornu/keras/optimizers/legacy/rmsprop.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"

namespace cornu::keras::optimizers {
namespace {

template <class Config>
void rmsprop_fields(Config& c, ConfigVisitor& v) {
  v("rho", c.rho);
  v("momentum", c.momentum);
  v("epsilon", c.epsilon);
  v("centered", c.centered);
}

/// The rule, for each of the configs that have its arguments. Keras 2's has other slots, and epsilon in another place.
template <class Config>
struct RMSpropOptimizer final : Configured<Optimizer, Config> {
  static constexpr bool kLegacy = is_legacy_config<Config>;
  static constexpr const char *kSquares = kLegacy ? "rms" : "velocity", *kMean = kLegacy ? "mg" : "average_gradient";

  explicit RMSpropOptimizer(const Config& config) : Configured<Optimizer, Config>(with_epsilon(config)) {
    require_between(config.name, "rho", config.rho, 0, 1);
    require_between(config.name, "momentum", config.momentum, 0, 1);
    require_between(config.name, "epsilon", config.epsilon, 0, std::numeric_limits<double>::infinity());
  }

  void add_slots(const std::vector<Variable>& variables) override {
    for (const Variable& v : variables) this->add_slot(v, kSquares);
    if (this->config_.momentum > 0)
      for (const Variable& v : variables) this->add_slot(v, "momentum");
    if (this->config_.centered)
      for (const Variable& v : variables) this->add_slot(v, kMean);
  }

  /// The moving mean of the squared gradients; centered: less the square of the gradients' own moving mean.
  Tensor moving_variance(const Optimizer::Step& s) const {
    const Config& c = this->config_;
    const Tensor square = s.slot(kSquares) * c.rho + ops::square(s.gradient) * (1 - c.rho);
    s.update(kSquares, square);
    if (!c.centered) return square;
    const Tensor average = s.slot(kMean) * c.rho + s.gradient * (1 - c.rho);
    s.update(kMean, average);
    return square - ops::square(average);
  }

  Tensor step(const Optimizer::Step& s) override {
    const Config& c = this->config_;
    const Tensor variance = moving_variance(s), change = s.gradient * s.rate;
    const bool outside = kLegacy && c.momentum == 0;
    const Tensor scaled = change / (outside ? ops::sqrt(variance) + c.epsilon : ops::sqrt(variance + c.epsilon));
    if (c.momentum == 0) return s.value - scaled;
    const Tensor momentum = s.slot("momentum") * c.momentum + scaled;
    s.update("momentum", momentum);
    return s.value - momentum;
  }
};

const bool rmsprop_registered =
    registry().add<RMSpropOptimizer<RMSpropConfig>>("RMSprop", {"rmsprop"}, {.keras2_package = "Custom"}) &&
    legacy::registry().add<RMSpropOptimizer<legacy::RMSpropConfig>>("RMSprop");

}  // namespace

void RMSpropConfig::fields(ConfigVisitor& v) { rmsprop_fields(*this, v); }
Made<Optimizer, RMSpropConfig> RMSpropConfig::make() const {
  return std::make_shared<RMSpropOptimizer<RMSpropConfig>>(*this);
}

void legacy::RMSpropConfig::fields(ConfigVisitor& v) { rmsprop_fields(*this, v); }
Made<Optimizer, legacy::RMSpropConfig> legacy::RMSpropConfig::make() const {
  return std::make_shared<RMSpropOptimizer<RMSpropConfig>>(*this);
}

}  // namespace cornu::keras::optimizers
