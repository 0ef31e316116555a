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

struct HuberConfig {
  double delta = 1;  ///< the error from which on the loss grows in proportion to it
  std::string reduction = "sum_over_batch_size";
  std::string name = "huber_loss";
  std::string dtype = {};  ///< "float32" or nothing
  void fields(ConfigVisitor& v);
  void check() const;
  Tensor operator()(const Tensor& y_true, const Tensor& y_pred) const;
};

/// The mean over the last axis of e^2 / 2 where the error e = y_pred - y_true is at most `delta` large, else of
/// delta |e| - delta^2 / 2: (…, n), (…, n) -> (…). Keras: `Huber`, "huber". Throws ShapeError for shapes that do not
/// broadcast, ValueError for a negative `delta`.
using Huber = LossOf<HuberConfig>;
/// One value per sample: `huber(y_true, y_pred, {.delta = 0.5})`.
inline constexpr LossFunction<Huber> huber;

}  // namespace cornu::keras::losses
