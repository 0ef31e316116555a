#include "cornu/keras/losses/probabilistic.h"

#include "cornu/keras/epsilon.h"
#include "cornu/keras/losses/labels.h"
#include "cornu/keras/losses/squeeze.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/one_hot.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::losses {
namespace {

const bool probabilistic_registered =
    registry().add<KLDivergence>("KLDivergence", {"kl_divergence", "kullback_leibler_divergence", "kld", "KLD"}) &&
    registry().add<Poisson>("Poisson", {"poisson"}) &&
    registry().add<CategoricalGeneralizedCrossEntropy>(
        "CategoricalGeneralizedCrossEntropy", {"categorical_generalized_cross_entropy"}, {.since_keras3 = true});

}  // namespace

namespace formulas {

Tensor kl_divergence(const Tensor& y_true, const Tensor& y_pred) {
  const auto [given, predicted] = squeeze_or_expand_to_same_rank(y_true, y_pred);
  const Tensor t = ops::clip(given, kEpsilon, 1), p = ops::clip(predicted, kEpsilon, 1);
  return ops::sum(t * ops::log(t / p), -1);
}
Tensor poisson(const Tensor& y_true, const Tensor& y_pred) {
  const auto [t, p] = squeeze_or_expand_to_same_rank(y_true, y_pred);
  return ops::mean(p - t * ops::log(p + kEpsilon), -1);
}

}  // namespace formulas

void CategoricalGeneralizedCrossEntropyConfig::fields(ConfigVisitor& v) { v("q", q); }
void CategoricalGeneralizedCrossEntropyConfig::check() const {
  graph::require<graph::ValueError>(q > 0 && q < 1, "loss '", name, "': `q` must be between 0 and 1, got ", q);
}
void CategoricalGeneralizedCrossEntropyConfig::check_targets(const graph::Array& y_true,
                                                             const graph::Shape& y_pred) const {
  require_class_numbers("CategoricalGeneralizedCrossEntropy", y_true, y_pred);
}
Tensor CategoricalGeneralizedCrossEntropyConfig::operator()(const Tensor& y_true, const Tensor& y_pred) const {
  const Tensor labels = labels_for(y_true, y_pred);
  graph::require<graph::ShapeError>(y_pred.ndim() > 0 && labels.shape() == y_pred.shape().drop_back(), "loss '", name,
                                    "': labels of shape ", y_true.shape(), " do not fit predictions of shape ",
                                    y_pred.shape());
  const Tensor right = ops::sum(y_pred * ops::one_hot(labels, y_pred.shape().back()), -1);
  return (1 - ops::power(right, q)) / q;
}

}  // namespace cornu::keras::losses
