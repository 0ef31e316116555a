#include "cornu/keras/optimizers/legacy/adam.h"

namespace cornu::keras::optimizers::legacy {

static const bool registered = registry().add<AdamOptimizer, AdamConfig>("Adam");

namespace {

optimizers::AdamConfig without_decay(const AdamConfig& c) {
  return {.learning_rate = c.learning_rate,
          .lr = c.lr,
          .beta_1 = c.beta_1,
          .beta_2 = c.beta_2,
          .epsilon = c.epsilon,
          .amsgrad = c.amsgrad,
          .clipnorm = c.clipnorm,
          .clipvalue = c.clipvalue,
          .global_clipnorm = c.global_clipnorm,
          .name = c.name};
}

AdamConfig with_epsilon(AdamConfig config) {
  if (config.epsilon == 0) config.epsilon = 1e-7;
  return config;
}

}  // namespace

AdamOptimizer::AdamOptimizer(AdamConfig config)
    : optimizers::AdamOptimizer("Adam", without_decay(with_epsilon(config)), config.decay),
      config_(with_epsilon(std::move(config))) {}

void AdamOptimizer::add_slots(const std::vector<Variable>& variables) {
  for (const Variable& v : variables) add_slot(v, "momentum", "m");
  for (const Variable& v : variables) add_slot(v, "velocity", "v");
  if (config_.amsgrad)
    for (const Variable& v : variables) add_slot(v, "velocity_hat", "vhat");
}

void AdamOptimizer::fields(ConfigVisitor& v) { visit(config_, v); }

}  // namespace cornu::keras::optimizers::legacy
