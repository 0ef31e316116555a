#include "cornu/keras/metrics/accuracy.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "cornu/graph/leaf.h"
#include "cornu/keras/losses/labels.h"
#include "cornu/keras/losses/squeeze.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/in_top_k.h"
#include "cornu/ops/native/arg_reduction.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/native/slice.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::metrics {
namespace {

const bool accuracy_registered =
    registry().add<AccuracyMetric>("Accuracy") &&
    registry().add<BinaryAccuracyMetric>("BinaryAccuracy", {"binary_accuracy"}) &&
    registry().add<CategoricalAccuracyMetric>("CategoricalAccuracy", {"categorical_accuracy"}) &&
    registry().add<SparseCategoricalAccuracyMetric>("SparseCategoricalAccuracy", {"sparse_categorical_accuracy"}) &&
    registry().add<TopKCategoricalAccuracyMetric>("TopKCategoricalAccuracy", {"top_k_categorical_accuracy"}) &&
    registry().add<SparseTopKCategoricalAccuracyMetric>("SparseTopKCategoricalAccuracy",
                                                        {"sparse_top_k_categorical_accuracy"});

Tensor as_float(const Tensor& x) { return ops::cast(x, graph::float32); }

/// The class with the largest number, the first of several. As in TensorFlow NaN counts as less than any number: a row
/// of nothing else is of class 0.
Tensor most_probable(const Tensor& x) {
  if (!graph::is_floating(x.dtype())) return ops::argmax(x, -1);
  const Tensor lowest = graph::constant(-std::numeric_limits<double>::infinity(), x.dtype());
  return ops::argmax(ops::where(ops::equal(x, x), x, lowest), -1);
}

void require_k(const std::string& metric, int k) {
  graph::require<graph::ValueError>(k >= 1, "metric '", metric, "': `k` must be at least 1, got ", k);
}

}  // namespace

Tensor accuracy(const Tensor& y_true, const Tensor& y_pred, const AccuracyConfig&) {
  const auto [t, p] = losses::squeeze_or_expand_to_same_rank(ops::cast(y_true, y_pred.dtype()), y_pred);
  return as_float(ops::equal(t, p));
}

void BinaryAccuracyConfig::fields(ConfigVisitor& v) { v("threshold", threshold); }
void BinaryAccuracyConfig::check() const {
  graph::require<graph::ValueError>(std::isfinite(threshold), "metric '", name,
                                    "': `threshold` must be a finite number, got ", threshold);
}
Tensor binary_accuracy(const Tensor& y_true, const Tensor& y_pred, const BinaryAccuracyConfig& config) {
  const auto [t, p] = losses::squeeze_or_expand_to_same_rank(y_true, y_pred);
  const Tensor positive = ops::greater(p, graph::constant(config.threshold, p.dtype()));
  return as_float(ops::equal(t, ops::cast(positive, t.dtype())));
}

Tensor categorical_accuracy(const Tensor& y_true, const Tensor& y_pred, const CategoricalAccuracyConfig&) {
  return as_float(ops::equal(most_probable(y_true), most_probable(y_pred)));
}

Tensor sparse_categorical_accuracy(const Tensor& y_true, const Tensor& y_pred, const SparseCategoricalAccuracyConfig&) {
  const Tensor matches =
      as_float(ops::equal(as_float(losses::labels_for(y_true, y_pred)), as_float(most_probable(y_pred))));
  return matches.ndim() > 1 && matches.shape().back() == 1 ? ops::squeeze(matches, -1) : matches;
}

void TopKCategoricalAccuracyConfig::fields(ConfigVisitor& v) { v("k", k); }
void TopKCategoricalAccuracyConfig::check() const { require_k(name, k); }
Tensor top_k_categorical_accuracy(const Tensor& y_true, const Tensor& y_pred,
                                  const TopKCategoricalAccuracyConfig& config) {
  return as_float(ops::in_top_k(most_probable(y_true), y_pred, config.k));
}

void SparseTopKCategoricalAccuracyConfig::fields(ConfigVisitor& v) {
  v("k", k);
  v("from_sorted_ids", from_sorted_ids, {.since_keras3 = true});
}
void SparseTopKCategoricalAccuracyConfig::check() const { require_k(name, k); }
Tensor sparse_top_k_categorical_accuracy(const Tensor& y_true, const Tensor& y_pred,
                                         const SparseTopKCategoricalAccuracyConfig& config) {
  const Tensor labels = losses::labels_for(y_true, y_pred);
  if (!config.from_sorted_ids) return as_float(ops::in_top_k(labels, y_pred, config.k));
  const std::int64_t n = std::min<std::int64_t>(config.k, y_pred.shape().back());
  const Tensor first = ops::slice(y_pred, y_pred.ndim() - 1, 0, n);
  const Tensor hits = as_float(ops::equal(ops::expand_dims(ops::cast(labels, y_pred.dtype()), -1), first));
  return ops::max(hits, -1);
}

}  // namespace cornu::keras::metrics
