#include "cornu/keras/losses/regression.h"

#include "cornu/graph/leaf.h"
#include "cornu/keras/losses/squeeze.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::losses {
namespace {

Tensor difference(const Tensor& y_true, const Tensor& y_pred) {
  const auto [t, p] = squeeze_or_expand_to_same_rank(y_true, y_pred);
  return t - p;
}

const bool regression_registered =
    registry().add<MeanSquaredError>("MeanSquaredError", {"mean_squared_error", "mse", "MSE"}) &&
    registry().add<MeanAbsoluteError>("MeanAbsoluteError", {"mean_absolute_error", "mae", "MAE"}) &&
    registry().add<Huber>("Huber", {"huber", "huber_loss"});

}  // namespace

Tensor squared_error(const Tensor& y_true, const Tensor& y_pred) {
  return ops::mean(ops::square(difference(y_true, y_pred)), -1);
}
Tensor absolute_error(const Tensor& y_true, const Tensor& y_pred) {
  return ops::mean(ops::abs(difference(y_true, y_pred)), -1);
}

void HuberConfig::fields(ConfigVisitor& v) { v("delta", delta); }
void HuberConfig::check() const {
  graph::require<graph::ValueError>(delta >= 0, "loss '", name, "': `delta` must not be negative, got ", delta);
}
Tensor HuberConfig::operator()(const Tensor& y_true, const Tensor& y_pred) const {
  const Tensor error = difference(y_true, y_pred), size = ops::abs(error);
  const Tensor small = ops::less_equal(size, graph::constant(delta, size.dtype()));
  return ops::mean(ops::where(small, 0.5 * ops::square(error), delta * size - 0.5 * delta * delta), -1);
}

}  // namespace cornu::keras::losses
