#include "cornu/keras/regularizers/l1_l2.h"

#include "cornu/graph/leaf.h"
#include "cornu/keras/regularizers/internal/factor.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::regularizers {

using internal::require_factor;

void L1Config::check() const { require_factor("L1", "l1", l1); }
void L2Config::check() const { require_factor("L2", "l2", l2); }
void L1L2Config::check() const {
  require_factor("L1L2", "l1", l1);
  require_factor("L1L2", "l2", l2);
}

Tensor L1::operator()(const Tensor& x) const { return config_.l1 * ops::sum(ops::abs(x)); }
Tensor L2::operator()(const Tensor& x) const { return config_.l2 * ops::sum(ops::square(x)); }

Tensor L1L2::operator()(const Tensor& x) const {
  if (config_.l1 == 0 && config_.l2 == 0) return graph::constant(0, x.dtype());
  if (config_.l1 == 0) return L2(config_.l2)(x);
  if (config_.l2 == 0) return L1(config_.l1)(x);
  return L1(config_.l1)(x) + L2(config_.l2)(x);
}

void L1Config::fields(ConfigVisitor& v) { v("l1", l1); }
void L2Config::fields(ConfigVisitor& v) { v("l2", l2); }
void L1L2Config::fields(ConfigVisitor& v) {
  v("l1", l1);
  v("l2", l2);
}

namespace {

const bool l1_l2_registered = registry().add<L1>("L1", {"l1"}) && registry().add<L2>("L2", {"l2"}) &&
                              registry().add<L1L2>("L1L2", {"l1_l2", "l1l2"});

}  // namespace
}  // namespace cornu::keras::regularizers
