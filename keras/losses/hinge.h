#pragma once

#include "cornu/keras/losses/loss.h"

namespace cornu::keras::losses {

/// What configs without arguments of their own compute.
namespace formulas {
Tensor hinge(const Tensor& y_true, const Tensor& y_pred);
Tensor squared_hinge(const Tensor& y_true, const Tensor& y_pred);
Tensor categorical_hinge(const Tensor& y_true, const Tensor& y_pred);
}  // namespace formulas

// Of targets that are -1 or 1. Where all targets of a batch are 0 or 1, as in Keras 0 counts as -1.

/// The mean of max(1 - y_true y_pred, 0) over the last axis: (…, n), (…, n) -> (…). Keras: `Hinge`, "hinge". Throws
/// ShapeError for shapes that do not broadcast, as the following do.
using Hinge = LossOf<LossConfig<"hinge", formulas::hinge>>;
inline constexpr LossFunction<Hinge> hinge;

/// The mean of max(1 - y_true y_pred, 0)^2 over the last axis: (…, n), (…, n) -> (…). Keras: `SquaredHinge`,
/// "squared_hinge".
using SquaredHinge = LossOf<LossConfig<"squared_hinge", formulas::squared_hinge>>;
inline constexpr LossFunction<SquaredHinge> squared_hinge;

/// max(n - p + 1, 0), where p is the prediction of the true class, sum(y_true y_pred), and n the greatest of the
/// others, max((1 - y_true) y_pred): (…, classes) one-hot, (…, classes) -> (…). Keras: `CategoricalHinge`,
/// "categorical_hinge".
using CategoricalHinge = LossOf<LossConfig<"categorical_hinge", formulas::categorical_hinge>>;
inline constexpr LossFunction<CategoricalHinge> categorical_hinge;

}  // namespace cornu::keras::losses
