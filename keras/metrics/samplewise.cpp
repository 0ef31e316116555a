#include "cornu/keras/metrics/samplewise.h"

#include "cornu/keras/losses/squeeze.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::metrics {
namespace {

Tensor as_float(const Tensor& x) { return x.dtype() == graph::float32 ? x : ops::cast(x, graph::float32); }

/// Reduces all axes from the first given one on.
Tensor reduce_from(int axis, const Tensor& x, Reduce reduce) {
  if (x.ndim() <= axis) return x;
  std::vector<int> axes;
  for (int i = axis; i < x.ndim(); ++i) axes.push_back(i);
  return reduce == Reduce::mean ? ops::mean(x, axes) : ops::sum(x, axes);
}

}  // namespace

Samplewise samplewise(const std::string& metric, Tensor values, Tensor sample_weight, const Tensor& valid,
                      Reduce reduce, const char* what) {
  values = as_float(values);
  if (!sample_weight.defined()) return {reduce_from(1, values, reduce), {}};
  Tensor weights = as_float(sample_weight);
  try {
    if (valid.defined()) {
      const auto [v, w] = losses::squeeze_or_expand_to_same_rank(as_float(valid), weights);
      weights = w * v;
    }
    std::tie(values, weights) = losses::squeeze_or_expand_to_same_rank(values, weights);
    const int rank = weights.ndim();
    values = reduce_from(rank, values, reduce);
    weights = ops::broadcast_to(weights, values.shape());
    return {reduce_from(1, values * weights, reduce), reduce_from(1, weights, reduce)};
  } catch (const graph::ShapeError&) {
    throw graph::ShapeError(graph::message("metric '", metric, "': ", what, " of shape ", sample_weight.shape(),
                                           " cannot be multiplied to values of shape ", values.shape()));
  }
}

Tensor masked_weight(const std::string& metric, const Tensor& sample_weight, const Tensor& mask) {
  if (!mask.defined() || !sample_weight.defined()) return mask.defined() ? as_float(mask) : sample_weight;
  try {
    const auto [m, w] = losses::squeeze_or_expand_to_same_rank(as_float(mask), as_float(sample_weight));
    return w * m;
  } catch (const graph::ShapeError&) {
    throw graph::ShapeError(graph::message("metric '", metric, "': sample weights of shape ", sample_weight.shape(),
                                           " do not fit the mask of shape ", mask.shape()));
  }
}

void add_mean(const Samplewise& samples, const Variable& total, const Variable& count, Context& ctx) {
  ctx.update(total, ctx.value(total) + ops::sum(samples.values));
  const graph::Shape& shape = samples.values.shape();
  if (samples.weights.defined())
    ctx.update(count, ctx.value(count) + ops::sum(samples.weights));
  else
    ctx.update(count, ctx.value(count) + (shape.empty() ? 1 : shape.front()));
}

Array mean_of(const Variable& total, const Variable& count) {
  const float n = count.value().item<float>();
  return Array::scalar(n == 0 ? 0.f : total.value().item<float>() / n);
}

}  // namespace cornu::keras::metrics
