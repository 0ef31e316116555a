#pragma once

#include "cornu/keras/losses/loss.h"

namespace cornu::keras::losses {

Tensor squared_error(const Tensor& y_true, const Tensor& y_pred);
/// The mean of (y_true - y_pred)^2 over the last axis: (…, n), (…, n) -> (…). Keras: `MeanSquaredError`,
/// "mean_squared_error", "mse". Throws ShapeError for shapes that do not broadcast.
using MeanSquaredError = LossOf<LossConfig<"mean_squared_error", squared_error>>;
inline constexpr LossFunction<MeanSquaredError> mean_squared_error;

Tensor absolute_error(const Tensor& y_true, const Tensor& y_pred);
/// The mean of |y_true - y_pred| over the last axis: (…, n), (…, n) -> (…). Keras: `MeanAbsoluteError`,
/// "mean_absolute_error", "mae". Throws ShapeError for shapes that do not broadcast.
using MeanAbsoluteError = LossOf<LossConfig<"mean_absolute_error", absolute_error>>;
inline constexpr LossFunction<MeanAbsoluteError> mean_absolute_error;

}  // namespace cornu::keras::losses
