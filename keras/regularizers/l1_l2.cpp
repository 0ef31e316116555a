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

Tensor L1Config::operator()(const Tensor& x) const { return l1 * ops::sum(ops::abs(x)); }
Tensor L2Config::operator()(const Tensor& x) const { return l2 * ops::sum(ops::square(x)); }

Tensor L1L2Config::operator()(const Tensor& x) const {
  if (l1 == 0 && l2 == 0) return graph::constant(0, x.dtype());
  if (l1 == 0) return L2Config{l2}(x);
  if (l2 == 0) return L1Config{l1}(x);
  return L1Config{l1}(x) + L2Config{l2}(x);
}

L1 l1(double factor) { return L1(factor); }
L2 l2(double factor) { return L2(factor); }
L1L2 l1_l2(L1L2Config config) { return L1L2(config); }

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
