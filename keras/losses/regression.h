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

/// What configs without arguments of their own compute.
namespace formulas {
Tensor absolute_percentage_error(const Tensor& y_true, const Tensor& y_pred);
Tensor squared_logarithmic_error(const Tensor& y_true, const Tensor& y_pred);
Tensor log_cosh(const Tensor& y_true, const Tensor& y_pred);
}  // namespace formulas

/// 100 times the mean of |y_true - y_pred| / max(|y_true|, 1e-7) over the last axis: (…, n), (…, n) -> (…). Keras:
/// `MeanAbsolutePercentageError`, "mean_absolute_percentage_error", "mape". Throws ShapeError for shapes that do not
/// broadcast, as the following do.
using MeanAbsolutePercentageError =
    LossOf<LossConfig<"mean_absolute_percentage_error", formulas::absolute_percentage_error>>;
inline constexpr LossFunction<MeanAbsolutePercentageError> mean_absolute_percentage_error;

/// The mean of (log(y_true + 1) - log(y_pred + 1))^2 over the last axis, where numbers below 1e-7 count as 1e-7: (…,
/// n), (…, n) -> (…). Keras: `MeanSquaredLogarithmicError`, "mean_squared_logarithmic_error", "msle".
using MeanSquaredLogarithmicError =
    LossOf<LossConfig<"mean_squared_logarithmic_error", formulas::squared_logarithmic_error>>;
inline constexpr LossFunction<MeanSquaredLogarithmicError> mean_squared_logarithmic_error;

/// The mean of log(cosh(y_pred - y_true)) over the last axis, about e^2 / 2 for a small error e and |e| - log 2 for a
/// large one: (…, n), (…, n) -> (…). Keras: `LogCosh`, "log_cosh"; in Keras 2 also "logcosh".
using LogCosh = LossOf<LossConfig<"log_cosh", formulas::log_cosh>>;
inline constexpr LossFunction<LogCosh> log_cosh;

struct HuberConfig {
  double delta = 1;  ///< the error from which on the loss grows in proportion to it
  CORNU_LOSS_CONFIG("huber_loss");
  void check() const;
};

/// The mean over the last axis of e^2 / 2 where the error e = y_pred - y_true is at most `delta` large, else of
/// delta |e| - delta^2 / 2: (…, n), (…, n) -> (…). Keras: `Huber`, "huber". Throws ValueError for a negative `delta`.
using Huber = LossOf<HuberConfig>;
/// One value per sample: `huber(y_true, y_pred, {.delta = 0.5})`.
inline constexpr LossFunction<Huber> huber;

struct CosineSimilarityConfig {
  int axis = -1;  ///< the vectors'
  CORNU_LOSS_CONFIG("cosine_similarity");
  static constexpr bool kNegativeOfItsMetric = true;
};

/// The negative cosine of the angle between y_true and y_pred, as vectors along `axis`: from -1, of one direction, to
/// 1, of opposite ones; 0 where one of them is 0: (…, n), (…, n) -> (…). Keras: `CosineSimilarity`,
/// "cosine_similarity". Throws ShapeError for an axis that there is not. (The metric of that name is the cosine
/// itself.)
using CosineSimilarity = LossOf<CosineSimilarityConfig>;
/// One value per sample: `cosine_similarity(y_true, y_pred, {.axis = 1})`.
inline constexpr LossFunction<CosineSimilarity> cosine_similarity;

}  // namespace cornu::keras::losses
