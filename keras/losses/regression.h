#pragma once

#include "cornu/keras/losses/loss.h"

namespace cornu::keras::losses {

using MeanSquaredErrorConfig = LossConfig<"mean_squared_error">;

/// The mean of (y_true - y_pred)^2 over the last axis: (…, n), (…, n) -> (…). Keras: `MeanSquaredError`,
/// "mean_squared_error", "mse". Throws ShapeError for shapes that do not broadcast.
class CORNU_EXPORT MeanSquaredError : public Configured<Loss, MeanSquaredErrorConfig> {
 public:
  using Configured::Configured;
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
};
inline constexpr LossFunction<MeanSquaredError> mean_squared_error;

using MeanAbsoluteErrorConfig = LossConfig<"mean_absolute_error">;

/// The mean of |y_true - y_pred| over the last axis: (…, n), (…, n) -> (…). Keras: `MeanAbsoluteError`,
/// "mean_absolute_error", "mae". Throws ShapeError for shapes that do not broadcast.
class CORNU_EXPORT MeanAbsoluteError : public Configured<Loss, MeanAbsoluteErrorConfig> {
 public:
  using Configured::Configured;
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
};
inline constexpr LossFunction<MeanAbsoluteError> mean_absolute_error;

}  // namespace cornu::keras::losses
