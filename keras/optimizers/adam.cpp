#include "cornu/keras/optimizers/adam.h"

#include <limits>

#include "cornu/graph/leaf.h"
#include "cornu/keras/optimizers/legacy/adam.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"

namespace cornu::keras::optimizers {
namespace {

template <class Config>
void adam_fields(Config& c, ConfigVisitor& v) {
  v("beta_1", c.beta_1);
  v("beta_2", c.beta_2);
  v("epsilon", c.epsilon);
  v("amsgrad", c.amsgrad);
}

template <class Config>
void check_adam(const Config& c) {
  for (const auto& [name, beta] : {std::pair{"beta_1", c.beta_1}, std::pair{"beta_2", c.beta_2}})
    graph::require<graph::ValueError>(beta >= 0 && beta < 1, '[', c.name, "] `", name, "` must be in [0, 1), got ",
                                      beta);
  require_between(c.name, "epsilon", c.epsilon, 0, std::numeric_limits<double>::infinity());
}

const bool adam_registered = registry().add<AdamOptimizer>("Adam", {"adam"}, {.keras2_package = "Custom"}) &&
                             registry().add<AdamWOptimizer>("AdamW", {"adamw"}, {.keras2_package = "Custom"}) &&
                             legacy::registry().add<legacy::AdamOptimizer>("Adam");

}  // namespace

void AdamRule::add_slots(const std::vector<Variable>& variables) {
  for (const Variable& v : variables) {
    add_slot(v, "momentum", "m");
    add_slot(v, "velocity", "v");
  }
  if (amsgrad_)
    for (const Variable& v : variables) add_slot(v, "velocity_hat", "vhat");
}

Tensors AdamRule::shared(const Tensor& rate, const Tensor& number) const {
  const auto power = [&](double beta) { return ops::power(graph::constant(beta, graph::float32), number); };
  return {rate * ops::sqrt(1 - power(beta_2_)) / (1 - power(beta_1_))};
}

Tensor AdamRule::step(const Step& s) {
  const Tensor m = s.slot("momentum"), v = s.slot("velocity");
  const Tensor momentum = m + (s.gradient - m) * (1 - beta_1_);
  const Tensor velocity = v + (ops::square(s.gradient) - v) * (1 - beta_2_);
  s.update("momentum", momentum);
  s.update("velocity", velocity);
  Tensor scale = velocity;
  if (amsgrad_) {
    scale = ops::maximum(s.slot("velocity_hat"), velocity);
    s.update("velocity_hat", scale);
  }
  return s.value - momentum * s.shared[0] / (ops::sqrt(scale) + epsilon_);
}

void AdamConfig::fields(ConfigVisitor& v) {
  rate_fields(*this, v);
  adam_fields(*this, v);
  v("weight_decay", weight_decay);
  base_fields(*this, v);
}
void AdamConfig::check() const { check_adam(*this); }

void AdamWConfig::fields(ConfigVisitor& v) {
  rate_fields(*this, v);
  v("weight_decay", weight_decay);
  adam_fields(*this, v);
  base_fields(*this, v);
}
void AdamWConfig::check() const {
  graph::require<graph::ValueError>(weight_decay.has_value(), "[AdamW] needs `weight_decay`, a number");
  check_adam(*this);
}

namespace legacy {

void AdamConfig::fields(ConfigVisitor& v) {
  rate_fields(*this, v);
  adam_fields(*this, v);
  base_fields(*this, v);
}
void AdamConfig::check() const { check_adam(*this); }

AdamOptimizer::AdamOptimizer(AdamConfig config) : Configured(with_epsilon(std::move(config))) {}

// By slot, not by variable, as its files.
void AdamOptimizer::add_slots(const std::vector<Variable>& variables) {
  for (const Variable& v : variables) add_slot(v, "momentum", "m");
  for (const Variable& v : variables) add_slot(v, "velocity", "v");
  if (config_.amsgrad)
    for (const Variable& v : variables) add_slot(v, "velocity_hat", "vhat");
}

}  // namespace legacy
}  // namespace cornu::keras::optimizers
