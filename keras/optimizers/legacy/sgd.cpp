#include "cornu/keras/optimizers/legacy/sgd.h"

namespace cornu::keras::optimizers::legacy {

static const bool registered = registry().add<SGDOptimizer, SGDConfig>("SGD");

namespace {

optimizers::SGDConfig without_decay(const SGDConfig& c) {
  return {.learning_rate = c.learning_rate,
          .lr = c.lr,
          .momentum = c.momentum,
          .nesterov = c.nesterov,
          .clipnorm = c.clipnorm,
          .clipvalue = c.clipvalue,
          .global_clipnorm = c.global_clipnorm,
          .name = c.name};
}

}  // namespace

SGDOptimizer::SGDOptimizer(SGDConfig config)
    : optimizers::SGDOptimizer(without_decay(config), config.decay), config_(std::move(config)) {}

void SGDOptimizer::add_slots(const std::vector<Variable>& variables) {
  if (config_.momentum != 0)
    for (const Variable& v : variables) add_slot(v, "momentum");
}

void SGDOptimizer::fields(ConfigVisitor& v) { visit(config_, v); }

}  // namespace cornu::keras::optimizers::legacy
