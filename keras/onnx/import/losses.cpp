// Losses by class numbers.
#include "cornu/graph/leaf.h"
#include "cornu/keras/onnx/importer.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/gather.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/native/transpose.h"
#include "cornu/ops/reduction.h"
#include "cornu/ops/softmax.h"

namespace cornu::keras::onnx {
namespace {

/// From logarithms of probabilities (batch, classes, …) and class numbers (batch, …), weighed by class.
Tensor class_loss(const ImportCall& c, const Tensor& logarithms) {
  const Tensor target = ops::cast(c.in(1), graph::int64);
  const std::int64_t classes = logarithms.shape()[1];
  const Tensor none = graph::constant(Array::scalar(std::int64_t{0}));
  Tensor safe = target, counts;
  if (c.has_attribute("ignore_index")) {
    const Tensor ignored = graph::constant(Array::scalar(c.integer("ignore_index", 0)));
    counts = ops::cast(ops::not_equal(target, ignored), graph::float32);
    safe = ops::where(ops::equal(target, ignored), none, target);
  }
  const Tensor last = ops::moveaxis(logarithms, 1, -1);
  const Tensor picked =
      ops::squeeze(ops::take_along_axis(last, ops::expand_dims(safe, -1), last.ndim() - 1), last.ndim() - 1);
  Tensor weight = c.has(2) ? ops::take(c.in(2), safe, 0) : Tensor();
  if (counts.defined()) weight = weight.defined() ? weight * counts : counts;
  const Tensor loss = weight.defined() ? -(picked * weight) : -picked;
  const std::string reduction = c.text("reduction", "mean");
  if (reduction == "none") return loss;
  if (reduction == "sum") return ops::sum(loss);
  if (reduction != "mean" || classes < 1) c.refuse("its reduction is '" + reduction + "'");
  return weight.defined() ? ops::sum(loss) / ops::sum(weight) : ops::mean(loss);
}

const bool losses_read =
    add_import("NegativeLogLikelihoodLoss", [](ImportCall& c) -> Tensors { return {class_loss(c, c.in(0))}; }) &&
    add_import("SoftmaxCrossEntropyLoss", [](ImportCall& c) -> Tensors {
      const Tensor logarithms = ops::log_softmax(c.in(0), 1);
      return {class_loss(c, logarithms), logarithms};
    });

}  // namespace
}  // namespace cornu::keras::onnx
