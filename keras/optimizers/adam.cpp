#include "cornu/keras/optimizers/adam.h"

#include <limits>

#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"

namespace cornu::keras::optimizers {

static const bool registered =
    registry().add<AdamOptimizer, AdamConfig>("Adam", {"adam"}, {.keras2_package = "Custom"});

AdamOptimizer::AdamOptimizer(AdamConfig config) : AdamOptimizer("Adam", std::move(config)) {}

AdamOptimizer::AdamOptimizer(std::string_view who, AdamConfig config, std::optional<double> legacy_decay)
    : Optimizer(learning_rate_of(who, config.learning_rate, config.lr, 0.001, config.decay),
                OptimizerConfig::of(config, legacy_decay)),
      config_(std::move(config)) {
  for (const auto& [name, beta] : {std::pair{"beta_1", config_.beta_1}, std::pair{"beta_2", config_.beta_2}})
    graph::require<graph::ValueError>(beta >= 0 && beta < 1, '[', who, "] `", name, "` must be in [0, 1), got ", beta);
  require_between(who, "epsilon", config_.epsilon, 0, std::numeric_limits<double>::infinity());
}

void AdamOptimizer::add_slots(const std::vector<Variable>& variables) {
  for (const Variable& v : variables) {
    add_slot(v, "momentum", "m");
    add_slot(v, "velocity", "v");
  }
  if (config_.amsgrad)
    for (const Variable& v : variables) add_slot(v, "velocity_hat", "vhat");
}

Tensors AdamOptimizer::shared(const Tensor& rate, const Tensor& number) const {
  const auto power = [&](double beta) { return ops::power(graph::constant(beta, graph::float32), number); };
  return {rate * ops::sqrt(1 - power(config_.beta_2)) / (1 - power(config_.beta_1))};
}

Tensor AdamOptimizer::step(const Step& s) {
  const Tensor m = s.slot("momentum"), v = s.slot("velocity");
  const Tensor momentum = m + (s.gradient - m) * (1 - config_.beta_1);
  const Tensor velocity = v + (ops::square(s.gradient) - v) * (1 - config_.beta_2);
  s.update("momentum", momentum);
  s.update("velocity", velocity);
  Tensor scale = velocity;
  if (config_.amsgrad) {
    scale = ops::maximum(s.slot("velocity_hat"), velocity);
    s.update("velocity_hat", scale);
  }
  return s.value - momentum * s.shared[0] / (ops::sqrt(scale) + config_.epsilon);
}

void AdamOptimizer::fields(ConfigVisitor& v) { visit(config_, v); }

}  // namespace cornu::keras::optimizers
