#include "cornu/keras/metrics/internal/confusion_counts.h"

#include <algorithm>
#include <cmath>

#include "cornu/graph/leaf.h"
#include "cornu/keras/losses/squeeze.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/cumulative.h"
#include "cornu/ops/native/gather.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/native/slice.h"
#include "cornu/ops/native/sort.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::metrics::internal {
namespace {

using graph::float32;
using graph::require;
using graph::ShapeError;
using graph::ValueError;

// Keras' number below all predictions.
constexpr double kLowest = -1e10;

Tensor number(double value) { return graph::constant(value, float32); }
Tensor as_float(const Tensor& x) { return ops::cast(x, float32); }
Tensor numbers(const std::vector<double>& values, const Shape& shape) {
  return Array(values).reshape(shape).astype(float32);
}

// Whether each element is among the k greatest of its row, the first of equal ones going before.
Tensor among_top(const std::string& metric, const Tensor& x, int k) {
  require<ShapeError>(x.ndim() > 0 && x.shape().back() >= k, "metric '", metric, "': `top_k` is ", k,
                      ", predictions have shape ", x.shape());
  const Tensor rank = ops::argsort(ops::argsort(-x, -1), -1);
  return ops::less(rank, graph::constant(k, rank.dtype()));
}

Tensor column(const Tensor& x, int i) { return ops::slice(x, x.ndim() - 1, i, i + 1); }

// Weights of the shape of what they weigh; undefined: none.
Tensor weights_for(const std::string& metric, const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight,
                   const Counted& counted) {
  Tensor weights;
  if (sample_weight.defined()) {
    weights = as_float(sample_weight);
    if (weights.ndim() != y_true.ndim()) weights = ops::expand_dims(weights, -1);
    try {
      weights = ops::broadcast_to(weights, y_pred.shape());
    } catch (const ShapeError&) {
      throw ShapeError(graph::message("metric '", metric, "': sample weights of shape ", sample_weight.shape(),
                                      " do not fit predictions of shape ", y_pred.shape()));
    }
  }
  if (counted.label_weights.empty()) return weights;
  const auto labels = static_cast<std::int64_t>(counted.label_weights.size());
  require<ShapeError>(y_pred.ndim() > 0 && y_pred.shape().back() == labels, "metric '", metric, "': ", labels,
                      " `label_weights` do not fit predictions of shape ", y_pred.shape());
  const Tensor of_labels = ops::broadcast_to(numbers(counted.label_weights, {labels}), y_pred.shape());
  return weights.defined() ? weights * of_labels : of_labels;
}

// By comparing each prediction with each threshold. Predictions and weights are (samples,) or (samples, labels).
Counts compared(const Tensor& p, const Tensor& positive, const Tensor& negative, const Thresholds& thresholds) {
  const Tensor cuts = numbers(thresholds.values, p.ndim() == 1 ? Shape{-1, 1} : Shape{-1, 1, 1});
  const Tensor above = as_float(ops::greater(ops::expand_dims(p, 0), cuts));
  const auto sums = [](const Tensor& called, const Tensor& weights) { return ops::sum(called * weights, 1); };
  const Tensor below = 1 - above;
  return {sums(above, positive), sums(above, negative), sums(below, negative), sums(below, positive)};
}

// By putting each prediction into the bucket between two thresholds: those above a threshold are the sum of the buckets
// after it. As in Keras, the bucket is told by a multiplication, whose rounding decides next to a threshold.
Counts bucketed(const Tensor& p, const Tensor& positive, const Tensor& negative, const Thresholds& thresholds) {
  const std::int64_t n = thresholds.size();
  // Bucket b has the predictions that exceed b thresholds; a NaN exceeds none.
  Tensor bucket = -ops::floor(-(ops::clip(p, 0, 1) * static_cast<double>(n - 1)));
  if (thresholds.wider) bucket = ops::maximum(bucket, number(1));
  bucket = ops::cast(ops::where(ops::equal(p, p), bucket, number(0)), graph::int32);
  const auto sums = [&](const Tensor& weights) {
    return ops::cumsum(ops::scatter_along_axis(bucket, weights, n + 1, 0), 0, {.reverse = true});
  };
  const Tensor positives = sums(positive), negatives = sums(negative);
  const auto exceeding = [&](const Tensor& x) { return ops::slice(x, 0, 1, n + 1); };
  const auto all = [&](const Tensor& x) { return ops::slice(x, 0, 0, 1); };
  const Tensor tp = exceeding(positives), fp = exceeding(negatives);
  return {tp, fp, all(negatives) - fp, all(positives) - tp};
}

}  // namespace

Thresholds Thresholds::given(const std::string& metric, const std::vector<double>& values, bool with_top_k) {
  for (const double value : values)
    require<ValueError>(value >= 0 && value <= 1, "metric '", metric, "': `thresholds` must be from 0 to 1, got ",
                        value);
  if (values.empty()) return {.values = {with_top_k ? kLowest : 0.5}};
  return {.values = values, .even = are_even(values)};
}

Thresholds Thresholds::spread(int count) {
  if (count == 1) return {.values = {0.5}};
  Thresholds thresholds{.even = true};
  for (int i = 0; i < count; ++i) thresholds.values.push_back(static_cast<double>(i) / (count - 1));
  return thresholds;
}

bool are_even(const std::vector<double>& thresholds) {
  const std::size_t n = thresholds.size();
  if (n < 3) return false;
  for (std::size_t i = 0; i < n; ++i) {
    const double even = static_cast<double>(i) / static_cast<double>(n - 1);
    if (std::abs(thresholds[i] - even) > 1e-7 + 1e-5 * even) return false;
  }
  return true;
}

Counts count(const std::string& metric, const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight,
             const Thresholds& thresholds, const Counted& counted) {
  auto [p, t] = losses::squeeze_or_expand_to_same_rank(as_float(y_pred), as_float(y_true));
  require<ShapeError>(p.shape() == t.shape(), "metric '", metric, "': targets of shape ", y_true.shape(),
                      " do not fit predictions of shape ", y_pred.shape());
  if (counted.top_k) p = ops::where(among_top(metric, p, *counted.top_k), p, number(kLowest));
  const Tensor uncut = t;
  if (counted.class_id) {
    require<ShapeError>(p.ndim() >= 2 && *counted.class_id < p.shape().back(), "metric '", metric, "': `class_id` is ",
                        *counted.class_id, ", predictions have shape ", p.shape());
    p = column(p, *counted.class_id), t = column(t, *counted.class_id);
  }
  require<ShapeError>(!counted.multi_label || p.ndim() == 2, "metric '", metric,
                      "': with `multi_label` predictions are (samples, labels), got shape ", y_pred.shape());
  Tensor weights = weights_for(metric, uncut, p, sample_weight, counted);
  if (!counted.multi_label) {
    p = ops::reshape(p, {-1}), t = ops::reshape(t, {-1});
    if (weights.defined()) weights = ops::reshape(weights, {-1});
  }
  Tensor positive = as_float(ops::not_equal(t, number(0))), negative = 1 - positive;
  if (weights.defined()) positive = positive * weights, negative = negative * weights;
  return thresholds.even ? bucketed(p, positive, negative, thresholds) : compared(p, positive, negative, thresholds);
}

Array ratio(const Array& a, const Array& b) {
  const Array none = b == 0;
  return graph::where(none, 0, a / graph::where(none, 1, b));
}

}  // namespace cornu::keras::metrics::internal
