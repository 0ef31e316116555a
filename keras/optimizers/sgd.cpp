#include "cornu/keras/optimizers/sgd.h"

#include "cornu/ops/binary.h"

namespace cornu::keras::optimizers {

static const bool registered = registry().add<SGDOptimizer, SGDConfig>("SGD", {"sgd"}, {.keras2_package = "Custom"});

SGDOptimizer::SGDOptimizer(SGDConfig config) : SGDOptimizer(std::move(config), std::nullopt) {}

SGDOptimizer::SGDOptimizer(SGDConfig config, std::optional<double> legacy_decay)
    : Optimizer(learning_rate_of("SGD", config.learning_rate, config.lr, 0.01, config.decay),
                OptimizerConfig::of(config, legacy_decay)),
      config_(std::move(config)) {
  require_between("SGD", "momentum", config_.momentum, 0, 1);
}

void SGDOptimizer::add_slots(const std::vector<Variable>& variables) {
  for (const Variable& v : variables) {
    if (config_.momentum != 0)
      add_slot(v, "momentum", "m");
    else
      add_unused_slot(v, "m");
  }
}

Tensor SGDOptimizer::step(const Step& s) {
  const Tensor change = s.gradient * s.rate;
  if (config_.momentum == 0) return s.value - change;
  const Tensor momentum = s.slot("momentum") * config_.momentum - change;
  s.update("momentum", momentum);
  return s.value + (config_.nesterov ? momentum * config_.momentum - change : momentum);
}

void SGDOptimizer::fields(ConfigVisitor& v) { visit(config_, v); }

}  // namespace cornu::keras::optimizers
