#include "cornu/keras/losses/crossentropy.h"

#include "cornu/graph/leaf.h"
#include "cornu/keras/losses/squeeze.h"
#include "cornu/keras/utils/console.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/cross_entropy.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::losses {
namespace {

using graph::require;
using graph::ValueError;

void require_share(const std::string& loss, double label_smoothing) {
  require<ValueError>(label_smoothing >= 0 && label_smoothing <= 1, "loss '", loss,
                      "': `label_smoothing` must be in [0, 1], got ", label_smoothing);
}

/// Class numbers of shape (…) for predictions of shape (…, n).
Tensor labels_for(const Tensor& y_true, const Tensor& y_pred) {
  const bool column = y_true.ndim() == y_pred.ndim() && y_true.ndim() > 0 && y_true.shape().back() == 1;
  return column ? ops::squeeze(y_true, -1) : y_true;
}

const bool crossentropy_registered =
    registry().add<BinaryCrossentropy>("BinaryCrossentropy", {"binary_crossentropy", "bce", "BCE"}) &&
    registry().add<CategoricalCrossentropy>("CategoricalCrossentropy", {"categorical_crossentropy"}) &&
    registry().add<SparseCategoricalCrossentropy>("SparseCategoricalCrossentropy", {"sparse_categorical_crossentropy"});

}  // namespace

void BinaryCrossentropyConfig::fields(ConfigVisitor& v) {
  v("from_logits", from_logits);
  v("label_smoothing", label_smoothing);
  v("axis", axis);
}
void BinaryCrossentropyConfig::check() const { require_share(name, label_smoothing); }

Tensor BinaryCrossentropyConfig::operator()(const Tensor& y_true, const Tensor& y_pred) const {
  auto [t, p] = squeeze_or_expand_to_same_rank(y_true, y_pred);
  if (label_smoothing != 0) t = t * (1 - label_smoothing) + 0.5 * label_smoothing;
  return ops::mean(ops::binary_crossentropy(t, p, from_logits), axis);
}

void CategoricalCrossentropyConfig::fields(ConfigVisitor& v) {
  v("from_logits", from_logits);
  v("label_smoothing", label_smoothing);
  v("axis", axis);
}
void CategoricalCrossentropyConfig::check() const { require_share(name, label_smoothing); }

Tensor CategoricalCrossentropyConfig::operator()(const Tensor& y_true, const Tensor& y_pred) const {
  auto [t, p] = squeeze_or_expand_to_same_rank(y_true, y_pred);
  if (p.ndim() > 0 && p.shape().back() == 1)
    utils::warn(graph::message("loss '", name,
                               "' expects predictions of shape (batch size, number of classes) with "
                               "more than one class, got shape ",
                               p.shape(),
                               ": nothing can be learnt of one. Consider 'binary_crossentropy' for two classes."));
  if (label_smoothing != 0) t = t * (1 - label_smoothing) + label_smoothing / static_cast<double>(t.shape().back());
  return ops::categorical_crossentropy(t, p, from_logits, axis);
}

void SparseCategoricalCrossentropyConfig::fields(ConfigVisitor& v) {
  v("from_logits", from_logits);
  v("ignore_class", ignore_class);
  v("axis", axis, {.only_keras3 = true});  // in Keras 2 always the last one
}

Tensor SparseCategoricalCrossentropyConfig::operator()(const Tensor& y_true, const Tensor& y_pred) const {
  require<ValueError>(axis == -1 || axis == y_pred.ndim() - 1, "loss '", name, "': `axis` must be the last one, got ",
                      axis, " for predictions of shape ", y_pred.shape());
  const Tensor labels = labels_for(y_true, y_pred);
  if (!ignore_class) return ops::sparse_categorical_crossentropy(labels, y_pred, from_logits);
  const Tensor counts = valid(y_true, y_pred), zero = graph::constant(0, graph::float32);
  const Tensor values = ops::sparse_categorical_crossentropy(
      ops::where(counts, labels, zero), ops::where(ops::expand_dims(counts, -1), y_pred, zero), from_logits);
  return ops::where(counts, values, zero);
}

Tensor SparseCategoricalCrossentropyConfig::valid(const Tensor& y_true, const Tensor& y_pred) const {
  if (!ignore_class) return {};
  const Tensor labels = labels_for(y_true, y_pred);
  return ops::not_equal(labels, graph::constant(*ignore_class, labels.dtype()));
}

void SparseCategoricalCrossentropyConfig::check_targets(const graph::Array& y_true, const graph::Shape& y_pred) const {
  if (y_pred.empty() || y_pred.back() < 0) return;
  const double classes = static_cast<double>(y_pred.back());
  graph::visit(y_true.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const auto labels = y_true.span<T>();
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const double label = static_cast<double>(labels[i]);
      if ((label >= 0 && label < classes) || (ignore_class && label == *ignore_class)) continue;
      throw ValueError(graph::message("[SparseCategoricalCrossentropy] labels must be class numbers from 0 to ",
                                      y_pred.back() - 1, " for predictions of ", y_pred.back(),
                                      " classes; label number ", i, " is ", label));
    }
  });
}

}  // namespace cornu::keras::losses
