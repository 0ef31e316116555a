#include "cornu/keras/losses/regression.h"

#include <numbers>

#include "cornu/graph/leaf.h"
#include "cornu/keras/epsilon.h"
#include "cornu/keras/losses/squeeze.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/elementwise.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::losses {
namespace {

Tensor difference(const Tensor& y_true, const Tensor& y_pred) {
  const auto [t, p] = squeeze_or_expand_to_same_rank(y_true, y_pred);
  return t - p;
}

Tensor at_least(const Tensor& x, double least) { return ops::maximum(x, graph::constant(least, x.dtype())); }

// Vectors of length 1 along an axis. One of no length stays 0, with a finite gradient (Keras: NaN).
Tensor unit(const Tensor& x, int axis) {
  const Tensor squares = ops::sum(ops::square(x), axis, ops::keepdims);
  return x * ops::rsqrt(at_least(squares, kEpsilon * kEpsilon));
}

const bool regression_registered =
    registry().add<MeanSquaredError>("MeanSquaredError", {"mean_squared_error", "mse", "MSE"}) &&
    registry().add<MeanAbsoluteError>("MeanAbsoluteError", {"mean_absolute_error", "mae", "MAE"}) &&
    registry().add<MeanAbsolutePercentageError>("MeanAbsolutePercentageError",
                                                {"mean_absolute_percentage_error", "mape", "MAPE"}) &&
    registry().add<MeanSquaredLogarithmicError>("MeanSquaredLogarithmicError",
                                                {"mean_squared_logarithmic_error", "msle", "MSLE"}) &&
    registry().add<LogCosh>("LogCosh", {"log_cosh", "logcosh"}) &&
    registry().add<Huber>("Huber", {"huber", "huber_loss"}) &&
    registry().add<CosineSimilarity>("CosineSimilarity", {"cosine_similarity"});

}  // namespace

Tensor squared_error(const Tensor& y_true, const Tensor& y_pred) {
  return ops::mean(ops::square(difference(y_true, y_pred)), -1);
}
Tensor absolute_error(const Tensor& y_true, const Tensor& y_pred) {
  return ops::mean(ops::abs(difference(y_true, y_pred)), -1);
}

namespace formulas {

Tensor absolute_percentage_error(const Tensor& y_true, const Tensor& y_pred) {
  const auto [t, p] = squeeze_or_expand_to_same_rank(y_true, y_pred);
  return 100 * ops::mean(ops::abs((t - p) / at_least(ops::abs(t), kEpsilon)), -1);
}
Tensor squared_logarithmic_error(const Tensor& y_true, const Tensor& y_pred) {
  const auto [t, p] = squeeze_or_expand_to_same_rank(y_true, y_pred);
  return ops::mean(ops::square(ops::log(at_least(p, kEpsilon) + 1) - ops::log(at_least(t, kEpsilon) + 1)), -1);
}
Tensor log_cosh(const Tensor& y_true, const Tensor& y_pred) {
  const Tensor error = -difference(y_true, y_pred);
  return ops::mean(error + ops::softplus(-2 * error) - std::numbers::ln2, -1);
}

}  // namespace formulas

void HuberConfig::fields(ConfigVisitor& v) { v("delta", delta); }
void HuberConfig::check() const {
  graph::require<graph::ValueError>(delta >= 0, "loss '", name, "': `delta` must not be negative, got ", delta);
}
Tensor HuberConfig::operator()(const Tensor& y_true, const Tensor& y_pred) const {
  const Tensor error = difference(y_true, y_pred), size = ops::abs(error);
  const Tensor small = ops::less_equal(size, graph::constant(delta, size.dtype()));
  return ops::mean(ops::where(small, 0.5 * ops::square(error), delta * size - 0.5 * delta * delta), -1);
}

void CosineSimilarityConfig::fields(ConfigVisitor& v) { v("axis", axis); }
Tensor CosineSimilarityConfig::operator()(const Tensor& y_true, const Tensor& y_pred) const {
  const auto [t, p] = squeeze_or_expand_to_same_rank(y_true, y_pred);
  return -ops::sum(unit(t, axis) * unit(p, axis), axis);
}

}  // namespace cornu::keras::losses
