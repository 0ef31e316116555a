#include "cornu/keras/optimizers/rmsprop.h"

#include <limits>

#include "cornu/keras/optimizers/legacy/rmsprop.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"

namespace cornu::keras::optimizers {
namespace {

template <class Config>
void rmsprop_fields(Config& c, ConfigVisitor& v) {
  rate_fields(c, v);
  v("rho", c.rho);
  v("momentum", c.momentum);
  v("epsilon", c.epsilon);
  v("centered", c.centered);
  if constexpr (!is_legacy_config<Config>) v("weight_decay", c.weight_decay);
  base_fields(c, v);
}

template <class Config>
void check_rmsprop(const Config& c) {
  require_between(c.name, "rho", c.rho, 0, 1);
  require_between(c.name, "momentum", c.momentum, 0, 1);
  require_between(c.name, "epsilon", c.epsilon, 0, std::numeric_limits<double>::infinity());
}

/// The moving mean of the squared gradients, which the slot `squares` keeps; centered: less the square of the
/// gradients' own moving mean, which the slot `mean` keeps.
template <class Step>
Tensor moving_variance(const Step& s, double rho, bool centered, std::string_view squares, std::string_view mean) {
  const Tensor square = s.slot(squares) * rho + ops::square(s.gradient) * (1 - rho);
  s.update(squares, square);
  if (!centered) return square;
  const Tensor average = s.slot(mean) * rho + s.gradient * (1 - rho);
  s.update(mean, average);
  return square - ops::square(average);
}

const bool rmsprop_registered =
    registry().add<RMSpropOptimizer>("RMSprop", {"rmsprop"}, {.keras2_package = "Custom"}) &&
    legacy::registry().add<legacy::RMSpropOptimizer>("RMSprop");

}  // namespace

void RMSpropConfig::fields(ConfigVisitor& v) { rmsprop_fields(*this, v); }
void RMSpropConfig::check() const { check_rmsprop(*this); }

void RMSpropOptimizer::add_slots(const std::vector<Variable>& variables) {
  for (const Variable& v : variables) add_slot(v, "velocity");
  if (config_.momentum > 0)
    for (const Variable& v : variables) add_slot(v, "momentum");
  if (config_.centered)
    for (const Variable& v : variables) add_slot(v, "average_gradient");
}

Tensor RMSpropOptimizer::step(const Step& s) {
  const Tensor variance = moving_variance(s, config_.rho, config_.centered, "velocity", "average_gradient");
  const Tensor change = s.gradient * s.rate / ops::sqrt(variance + config_.epsilon);
  if (config_.momentum == 0) return s.value - change;
  const Tensor momentum = s.slot("momentum") * config_.momentum + change;
  s.update("momentum", momentum);
  return s.value - momentum;
}

namespace legacy {

void RMSpropConfig::fields(ConfigVisitor& v) { rmsprop_fields(*this, v); }
void RMSpropConfig::check() const { check_rmsprop(*this); }

RMSpropOptimizer::RMSpropOptimizer(RMSpropConfig config) : Configured(with_epsilon(std::move(config))) {}

void RMSpropOptimizer::add_slots(const std::vector<Variable>& variables) {
  for (const Variable& v : variables) add_slot(v, "rms");
  if (config_.momentum > 0)
    for (const Variable& v : variables) add_slot(v, "momentum");
  if (config_.centered)
    for (const Variable& v : variables) add_slot(v, "mg");
}

Tensor RMSpropOptimizer::step(const Step& s) {
  const Tensor variance = moving_variance(s, config_.rho, config_.centered, "rms", "mg");
  const Tensor change = s.gradient * s.rate;
  if (config_.momentum == 0) return s.value - change / (ops::sqrt(variance) + config_.epsilon);
  const Tensor momentum = s.slot("momentum") * config_.momentum + change / ops::sqrt(variance + config_.epsilon);
  s.update("momentum", momentum);
  return s.value - momentum;
}

}  // namespace legacy
}  // namespace cornu::keras::optimizers
