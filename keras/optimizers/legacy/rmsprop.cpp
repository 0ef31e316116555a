#include "cornu/keras/optimizers/legacy/rmsprop.h"

#include <limits>

#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"

namespace cornu::keras::optimizers::legacy {

static const bool registered = registry().add<RMSpropOptimizer, RMSpropConfig>("RMSprop");

namespace {

OptimizerConfig base_of(const RMSpropConfig& c) {
  return {.clipnorm = c.clipnorm,
          .clipvalue = c.clipvalue,
          .global_clipnorm = c.global_clipnorm,
          .name = c.name,
          .legacy_decay = c.decay};
}

}  // namespace

RMSpropOptimizer::RMSpropOptimizer(RMSpropConfig config)
    : Optimizer(learning_rate_of("RMSprop", config.learning_rate, config.lr, 0.001), base_of(config)),
      config_(std::move(config)) {
  require_between("RMSprop", "rho", config_.rho, 0, 1);
  require_between("RMSprop", "momentum", config_.momentum, 0, 1);
  require_between("RMSprop", "epsilon", config_.epsilon, 0, std::numeric_limits<double>::infinity());
  if (config_.epsilon == 0) config_.epsilon = 1e-7;
}

void RMSpropOptimizer::add_slots(const std::vector<Variable>& variables) {
  for (const Variable& v : variables) add_slot(v, "rms");
  if (config_.momentum > 0)
    for (const Variable& v : variables) add_slot(v, "momentum");
  if (config_.centered)
    for (const Variable& v : variables) add_slot(v, "mg");
}

Tensor RMSpropOptimizer::step(const Step& s) {
  const double rho = config_.rho;
  const Tensor square = s.slot("rms") * rho + ops::square(s.gradient) * (1 - rho);
  s.update("rms", square);
  Tensor variance = square;
  if (config_.centered) {
    const Tensor mean = s.slot("mg") * rho + s.gradient * (1 - rho);
    s.update("mg", mean);
    variance = square - ops::square(mean);
  }
  const Tensor change = s.gradient * s.rate;
  if (config_.momentum == 0) return s.value - change / (ops::sqrt(variance) + config_.epsilon);
  const Tensor momentum = s.slot("momentum") * config_.momentum + change / ops::sqrt(variance + config_.epsilon);
  s.update("momentum", momentum);
  return s.value - momentum;
}

void RMSpropOptimizer::fields(ConfigVisitor& v) { visit(config_, v); }

}  // namespace cornu::keras::optimizers::legacy
