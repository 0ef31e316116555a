#include "cornu/keras/losses/circle.h"

#include "cornu/graph/leaf.h"
#include "cornu/keras/losses/labels.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/diagonal.h"
#include "cornu/ops/composite/statistics.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/matmul.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/select.h"

namespace cornu::keras::losses {
namespace {

using graph::float32;
using graph::require;
using graph::ShapeError;

// In place of minus infinity, whose gradient would be NaN: nothing is added to a sum of exponentials.
constexpr double kLowest = -1e30;

Tensor number(double value) { return graph::constant(value, float32); }

Tensor logsumexp_where(const Tensor& condition, const Tensor& x) {
  return ops::logsumexp(ops::where(condition, x, number(kLowest)), 1);
}

const bool circle_registered = registry().add<Circle>("Circle", {"circle"}, {.since_keras3 = true});

}  // namespace

void CircleConfig::fields(ConfigVisitor& v) {
  v("gamma", gamma);
  v("margin", margin);
  v("remove_diagonal", remove_diagonal);
}

Tensor CircleConfig::operator()(const Tensor& y_true, const Tensor& y_pred) const {
  const Tensor labels = labels_for(y_true, y_pred);
  require<ShapeError>(y_pred.ndim() == 2 && labels.shape() == y_pred.shape().drop_back(), "loss '", name,
                      "' expects class numbers (batch,) and embeddings (batch, features), got shapes ", y_true.shape(),
                      " and ", y_pred.shape());
  const Tensor classes = ops::cast(labels, graph::int32);
  const Tensor same = ops::equal(ops::expand_dims(classes, 1), ops::expand_dims(classes, 0));
  Tensor others = same;
  if (remove_diagonal) others = ops::logical_and(same, ops::logical_not(ops::diag(ops::ones_like(labels))));
  const Tensor distance = ops::maximum(1 - ops::matmul(y_pred, y_pred, {.transpose_b = true}), number(0));
  const Tensor near = gamma * ops::maximum(margin + distance, number(0)) * (distance - margin);
  const Tensor far = gamma * ops::maximum(1 + margin - distance, number(0)) * (1 - margin - distance);
  return ops::softplus(logsumexp_where(others, near) + logsumexp_where(ops::logical_not(same), far));
}

Tensor CircleConfig::valid(const Tensor& y_true, const Tensor& y_pred) const {
  return ops::greater((*this)(y_true, y_pred), number(0));
}

}  // namespace cornu::keras::losses
