#include "cornu/keras/losses/sparse_categorical_crossentropy.h"

#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/cross_entropy.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/select.h"

namespace cornu::keras::losses {

static const bool registered = registry().add<SparseCategoricalCrossentropy, SparseCategoricalCrossentropyConfig>(
    "SparseCategoricalCrossentropy", {"sparse_categorical_crossentropy"});

namespace {

void require_last_axis(int axis, const Tensor& y_pred) {
  graph::require<graph::ValueError>(axis == -1 || axis == y_pred.ndim() - 1,
                                    "[SparseCategoricalCrossentropy] `axis` must be the last one, got ", axis,
                                    " for predictions of shape ", y_pred.shape());
}

/// Labels of shape (…) for predictions of shape (…, n).
std::pair<Tensor, Tensor> labels_and_predictions(const Tensor& y_true, const Tensor& y_pred) {
  const bool column = y_true.ndim() == y_pred.ndim() && y_true.ndim() > 0 && y_true.shape().back() == 1;
  return {column ? ops::squeeze(y_true, -1) : y_true, y_pred};
}

}  // namespace

SparseCategoricalCrossentropy::SparseCategoricalCrossentropy(SparseCategoricalCrossentropyConfig config)
    : Loss(config.reduction, config.name), config_(std::move(config)) {
  require_float32("SparseCategoricalCrossentropy", config_.dtype);
  config_.reduction = reduction();
}

void SparseCategoricalCrossentropy::fields(ConfigVisitor& v) { config_.fields(v); }

Tensor SparseCategoricalCrossentropy::call(const Tensor& y_true, const Tensor& y_pred) const {
  require_last_axis(config_.axis, y_pred);
  const auto [t, p] = labels_and_predictions(y_true, y_pred);
  if (!config_.ignore_class) return ops::sparse_categorical_crossentropy(t, p, config_.from_logits);
  const Tensor valid = this->valid(y_true, y_pred), zero = graph::constant(0, graph::float32);
  const Tensor labels = ops::where(valid, t, zero), predictions = ops::where(ops::expand_dims(valid, -1), p, zero);
  const Tensor values = ops::sparse_categorical_crossentropy(labels, predictions, config_.from_logits);
  return ops::where(valid, values, zero);
}

void SparseCategoricalCrossentropy::check_targets(const graph::Array& y_true, const graph::Shape& y_pred) const {
  if (y_pred.empty() || y_pred.back() < 0) return;
  const double classes = static_cast<double>(y_pred.back());
  graph::visit(y_true.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const auto labels = y_true.span<T>();
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const double label = static_cast<double>(labels[i]);
      if ((label >= 0 && label < classes) || (config_.ignore_class && label == *config_.ignore_class)) continue;
      throw graph::ValueError(graph::message("[SparseCategoricalCrossentropy] labels must be class numbers from 0 to ",
                                             y_pred.back() - 1, " for predictions of ", y_pred.back(),
                                             " classes; label number ", i, " is ", label));
    }
  });
}

Tensor SparseCategoricalCrossentropy::valid(const Tensor& y_true, const Tensor& y_pred) const {
  if (!config_.ignore_class) return {};
  const Tensor labels = labels_and_predictions(y_true, y_pred).first;
  return ops::not_equal(labels, graph::constant(*config_.ignore_class, labels.dtype()));
}

}  // namespace cornu::keras::losses
