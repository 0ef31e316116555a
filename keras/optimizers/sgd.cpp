#include "cornu/keras/optimizers/sgd.h"

#include "cornu/keras/optimizers/legacy/sgd.h"
#include "cornu/ops/binary.h"

namespace cornu::keras::optimizers {
namespace {

template <class Config>
void sgd_fields(Config& c, ConfigVisitor& v) {
  rate_fields(c, v);
  v("momentum", c.momentum);
  v("nesterov", c.nesterov);
  if constexpr (!is_legacy_config<Config>) v("weight_decay", c.weight_decay);
  base_fields(c, v);
}

const bool sgd_registered = registry().add<SGDOptimizer>("SGD", {"sgd"}, {.keras2_package = "Custom"}) &&
                            legacy::registry().add<legacy::SGDOptimizer>("SGD");

}  // namespace

void SGDRule::add_slots(const std::vector<Variable>& variables) {
  for (const Variable& v : variables) {
    if (momentum_ != 0)
      add_slot(v, "momentum", base().legacy_decay ? "momentum" : "m");
    else if (!base().legacy_decay)
      add_unused_slot(v, "m");
  }
}

Tensor SGDRule::step(const Step& s) {
  const Tensor change = s.gradient * s.rate;
  if (momentum_ == 0) return s.value - change;
  const Tensor momentum = s.slot("momentum") * momentum_ - change;
  s.update("momentum", momentum);
  return s.value + (nesterov_ ? momentum * momentum_ - change : momentum);
}

void SGDConfig::fields(ConfigVisitor& v) { sgd_fields(*this, v); }
void SGDConfig::check() const { require_between(name, "momentum", momentum, 0, 1); }

namespace legacy {

void SGDConfig::fields(ConfigVisitor& v) { sgd_fields(*this, v); }
void SGDConfig::check() const { require_between(name, "momentum", momentum, 0, 1); }

}  // namespace legacy
}  // namespace cornu::keras::optimizers
