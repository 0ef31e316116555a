#include "cornu/keras/losses/crossentropy.h"

#include "cornu/graph/leaf.h"
#include "cornu/keras/epsilon.h"
#include "cornu/keras/losses/labels.h"
#include "cornu/keras/losses/squeeze.h"
#include "cornu/keras/utils/console.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/cross_entropy.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/reduction.h"
#include "cornu/ops/softmax.h"

namespace cornu::keras::losses {
namespace {

using graph::require;
using graph::ValueError;

void require_share(const std::string& loss, double label_smoothing) {
  require<ValueError>(label_smoothing >= 0 && label_smoothing <= 1, "loss '", loss,
                      "': `label_smoothing` must be in [0, 1], got ", label_smoothing);
}

Tensor smooth_binary(const Tensor& y_true, double label_smoothing) {
  return label_smoothing == 0 ? y_true : y_true * (1 - label_smoothing) + 0.5 * label_smoothing;
}

/// Smooth targets over the classes, and predictions; warns of one class.
std::pair<Tensor, Tensor> over_classes(const std::string& loss, double label_smoothing, const Tensor& y_true,
                                       const Tensor& y_pred) {
  auto [t, p] = squeeze_or_expand_to_same_rank(y_true, y_pred);
  if (p.ndim() > 0 && p.shape().back() == 1)
    utils::warn(graph::message("loss '", loss,
                               "' expects predictions of shape (batch size, number of classes) with "
                               "more than one class, got shape ",
                               p.shape(),
                               ": nothing can be learnt of one. Consider 'binary_crossentropy' for two classes."));
  if (label_smoothing != 0) t = t * (1 - label_smoothing) + label_smoothing / static_cast<double>(t.shape().back());
  return {t, p};
}

const bool crossentropy_registered =
    registry().add<BinaryCrossentropy>("BinaryCrossentropy", {"binary_crossentropy", "bce", "BCE"}) &&
    registry().add<CategoricalCrossentropy>("CategoricalCrossentropy", {"categorical_crossentropy"}) &&
    registry().add<SparseCategoricalCrossentropy>("SparseCategoricalCrossentropy",
                                                  {"sparse_categorical_crossentropy"}) &&
    registry().add<BinaryFocalCrossentropy>("BinaryFocalCrossentropy", {"binary_focal_crossentropy"}) &&
    registry().add<CategoricalFocalCrossentropy>("CategoricalFocalCrossentropy", {"categorical_focal_crossentropy"});

}  // namespace

void BinaryCrossentropyConfig::fields(ConfigVisitor& v) {
  v("from_logits", from_logits);
  v("label_smoothing", label_smoothing);
  v("axis", axis);
}
void BinaryCrossentropyConfig::check() const { require_share(name, label_smoothing); }

Tensor BinaryCrossentropyConfig::operator()(const Tensor& y_true, const Tensor& y_pred) const {
  const auto [t, p] = squeeze_or_expand_to_same_rank(y_true, y_pred);
  return ops::mean(ops::binary_crossentropy(smooth_binary(t, label_smoothing), p, from_logits), axis);
}

void CategoricalCrossentropyConfig::fields(ConfigVisitor& v) {
  v("from_logits", from_logits);
  v("label_smoothing", label_smoothing);
  v("axis", axis);
}
void CategoricalCrossentropyConfig::check() const { require_share(name, label_smoothing); }

Tensor CategoricalCrossentropyConfig::operator()(const Tensor& y_true, const Tensor& y_pred) const {
  const auto [t, p] = over_classes(name, label_smoothing, y_true, y_pred);
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
  require_class_numbers("SparseCategoricalCrossentropy", y_true, y_pred, ignore_class);
}

void BinaryFocalCrossentropyConfig::fields(ConfigVisitor& v) {
  v("apply_class_balancing", apply_class_balancing);
  v("alpha", alpha);
  v("gamma", gamma);
  v("from_logits", from_logits);
  v("label_smoothing", label_smoothing);
  v("axis", axis);
}
void BinaryFocalCrossentropyConfig::check() const { require_share(name, label_smoothing); }

Tensor BinaryFocalCrossentropyConfig::operator()(const Tensor& y_true, const Tensor& y_pred) const {
  const auto [given, predicted] = squeeze_or_expand_to_same_rank(y_true, y_pred);
  const Tensor t = smooth_binary(given, label_smoothing), p = from_logits ? ops::sigmoid(predicted) : predicted;
  const Tensor entropy = ops::binary_crossentropy(t, p), right = t * p + (1 - t) * (1 - p);
  const Tensor focal = ops::power(1 - right, gamma) * entropy;
  return ops::mean(apply_class_balancing ? (t * alpha + (1 - t) * (1 - alpha)) * focal : focal, axis);
}

void CategoricalFocalCrossentropyConfig::fields(ConfigVisitor& v) {
  v("alpha", alpha);
  v("gamma", gamma);
  v("from_logits", from_logits);
  v("label_smoothing", label_smoothing);
  v("axis", axis);
}
void CategoricalFocalCrossentropyConfig::check() const {
  require_share(name, label_smoothing);
  require<ValueError>(alpha && alpha->ndim() <= 1, "loss '", name,
                      "': `alpha` must be a number or a list of one for each class");
}

Tensor CategoricalFocalCrossentropyConfig::operator()(const Tensor& y_true, const Tensor& y_pred) const {
  const auto [t, given] = over_classes(name, label_smoothing, y_true, y_pred);
  require<graph::ShapeError>(t.shape() == given.shape(), "loss '", name, "': targets of shape ", y_true.shape(),
                             " do not fit predictions of shape ", y_pred.shape());
  require<graph::ShapeError>(alpha->ndim() == 0 || alpha->size() == t.shape().back(), "loss '", name,
                             "': ", alpha->size(), " numbers of `alpha` for predictions of shape ", given.shape());
  Tensor p = from_logits ? ops::softmax(given, axis) : given;
  p = ops::clip(p / ops::sum(p, axis, ops::keepdims), kEpsilon, 1 - kEpsilon);
  return -ops::sum(alpha->astype(graph::float32) * ops::power(1 - p, gamma) * t * ops::log(p), axis);
}

}  // namespace cornu::keras::losses
