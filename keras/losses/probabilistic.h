#pragma once

#include "cornu/keras/losses/loss.h"

namespace cornu::keras::losses {

/// What configs without arguments of their own compute.
namespace formulas {
Tensor kl_divergence(const Tensor& y_true, const Tensor& y_pred);
Tensor poisson(const Tensor& y_true, const Tensor& y_pred);
}  // namespace formulas

/// The sum of y_true log(y_true / y_pred) over the last axis, of probabilities, which are clipped to [1e-7, 1]: (…, n),
/// (…, n) -> (…). Keras: `KLDivergence`, "kl_divergence"; in Keras 2 also "kld" and "kullback_leibler_divergence".
/// Throws ShapeError for shapes that do not broadcast.
using KLDivergence = LossOf<LossConfig<"kl_divergence", formulas::kl_divergence>>;
inline constexpr LossFunction<KLDivergence> kl_divergence;

/// The mean of y_pred - y_true log(y_pred + 1e-7) over the last axis: (…, n) counts, (…, n) rates, which are not
/// negative -> (…). Keras: `Poisson`, "poisson". Throws ShapeError for shapes that do not broadcast.
using Poisson = LossOf<LossConfig<"poisson", formulas::poisson>>;
inline constexpr LossFunction<Poisson> poisson;

struct CategoricalGeneralizedCrossEntropyConfig {
  double q = 0.5;  ///< near 0 the loss is like crossentropy, near 1 like the mean absolute error
  CORNU_LOSS_CONFIG("categorical_generalized_cross_entropy");
  void check() const;
  void check_targets(const graph::Array& y_true, const graph::Shape& y_pred) const;
};

/// (1 - p^q) / q, where p is the probability of the true class: class numbers (…) or (…, 1), probabilities (…, n) ->
/// (…). A label out of range counts as one of probability 0. Zhang and Sabuncu, Generalized Cross Entropy Loss for
/// Training Deep Neural Networks with Noisy Labels (2018). Keras 3: `CategoricalGeneralizedCrossEntropy`,
/// "categorical_generalized_cross_entropy". Throws ValueError unless 0 < q < 1.
using CategoricalGeneralizedCrossEntropy = LossOf<CategoricalGeneralizedCrossEntropyConfig>;
inline constexpr LossFunction<CategoricalGeneralizedCrossEntropy> categorical_generalized_cross_entropy;

}  // namespace cornu::keras::losses
