#include "cornu/keras/losses/hinge.h"

#include "cornu/graph/leaf.h"
#include "cornu/keras/losses/squeeze.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/any.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::losses {
namespace {

// By how much each prediction falls short of a margin of 1.
Tensor shortfall(const Tensor& y_true, const Tensor& y_pred) {
  const auto [t, p] = squeeze_or_expand_to_same_rank(y_true, y_pred);
  const auto is = [&, &t = t](double label) { return ops::equal(t, graph::constant(label, t.dtype())); };
  const Tensor binary = ops::all(ops::logical_or(is(0), is(1)));
  return ops::maximum(1 - ops::where(binary, 2 * t - 1, t) * p, graph::constant(0, p.dtype()));
}

const bool hinge_registered = registry().add<Hinge>("Hinge", {"hinge"}) &&
                              registry().add<SquaredHinge>("SquaredHinge", {"squared_hinge"}) &&
                              registry().add<CategoricalHinge>("CategoricalHinge", {"categorical_hinge"});

}  // namespace

namespace formulas {

Tensor hinge(const Tensor& y_true, const Tensor& y_pred) { return ops::mean(shortfall(y_true, y_pred), -1); }
Tensor squared_hinge(const Tensor& y_true, const Tensor& y_pred) {
  return ops::mean(ops::square(shortfall(y_true, y_pred)), -1);
}
Tensor categorical_hinge(const Tensor& y_true, const Tensor& y_pred) {
  const auto [t, p] = squeeze_or_expand_to_same_rank(y_true, y_pred);
  const Tensor others = ops::max((1 - t) * p, -1), right = ops::sum(t * p, -1);
  return ops::maximum(others - right + 1, graph::constant(0, p.dtype()));
}

}  // namespace formulas
}  // namespace cornu::keras::losses
