#include "cornu/keras/losses/regression.h"

#include "cornu/keras/losses/squeeze.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::losses {
namespace {

Tensor difference(const Tensor& y_true, const Tensor& y_pred) {
  const auto [t, p] = squeeze_or_expand_to_same_rank(y_true, y_pred);
  return t - p;
}

const bool regression_registered =
    registry().add<MeanSquaredError>("MeanSquaredError", {"mean_squared_error", "mse", "MSE"}) &&
    registry().add<MeanAbsoluteError>("MeanAbsoluteError", {"mean_absolute_error", "mae", "MAE"});

}  // namespace

Tensor squared_error(const Tensor& y_true, const Tensor& y_pred) {
  return ops::mean(ops::square(difference(y_true, y_pred)), -1);
}
Tensor absolute_error(const Tensor& y_true, const Tensor& y_pred) {
  return ops::mean(ops::abs(difference(y_true, y_pred)), -1);
}

}  // namespace cornu::keras::losses
