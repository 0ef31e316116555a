#include "cornu/keras/optimizers/rmsprop.h"

#include <limits>

#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"

namespace cornu::keras::optimizers {

static const bool registered =
    registry().add<RMSpropOptimizer, RMSpropConfig>("RMSprop", {"rmsprop"}, {.keras2_package = "Custom"});

RMSpropOptimizer::RMSpropOptimizer(RMSpropConfig config)
    : Optimizer(learning_rate_of("RMSprop", config.learning_rate, config.lr, 0.001, config.decay),
                OptimizerConfig::of(config)),
      config_(std::move(config)) {
  require_between("RMSprop", "rho", config_.rho, 0, 1);
  require_between("RMSprop", "momentum", config_.momentum, 0, 1);
  require_between("RMSprop", "epsilon", config_.epsilon, 0, std::numeric_limits<double>::infinity());
}

void RMSpropOptimizer::add_slots(const std::vector<Variable>& variables) {
  for (const Variable& v : variables) add_slot(v, "velocity");
  if (config_.momentum > 0)
    for (const Variable& v : variables) add_slot(v, "momentum");
  if (config_.centered)
    for (const Variable& v : variables) add_slot(v, "average_gradient");
}

Tensor RMSpropOptimizer::step(const Step& s) {
  const double rho = config_.rho;
  const Tensor velocity = s.slot("velocity") * rho + ops::square(s.gradient) * (1 - rho);
  s.update("velocity", velocity);
  Tensor variance = velocity;
  if (config_.centered) {
    const Tensor average = s.slot("average_gradient") * rho + s.gradient * (1 - rho);
    s.update("average_gradient", average);
    variance = velocity - ops::square(average);
  }
  const Tensor change = s.gradient * s.rate / ops::sqrt(variance + config_.epsilon);
  if (config_.momentum == 0) return s.value - change;
  const Tensor momentum = s.slot("momentum") * config_.momentum + change;
  s.update("momentum", momentum);
  return s.value - momentum;
}

void RMSpropOptimizer::fields(ConfigVisitor& v) { visit(config_, v); }

}  // namespace cornu::keras::optimizers
