#include "cornu/ops/composite/cross_entropy.h"

#include <numeric>
#include <optional>

#include "cornu/graph/leaf.h"
#include "cornu/graph/op.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/internal/axis.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/native/softmax_cross_entropy.h"
#include "cornu/ops/native/transpose.h"
#include "cornu/ops/reduction.h"

namespace cornu::ops {
namespace {

using graph::require;

constexpr double kEpsilon = 1e-7;

Tensor clip_probability(const Tensor& p) { return clip(p, kEpsilon, 1 - kEpsilon); }

void require_alike(std::string_view op, const Tensor& target, const Tensor& output) {
  require<ShapeError>(target.shape() == output.shape(), op, ": expected a target of the output's shape ",
                      output.shape(), ", got ", target.shape());
}

struct AxisField final : FieldVisitor {
  std::optional<std::int64_t> axis;
  void integer(std::string_view name, std::int64_t value) override {
    if (name == "axis") axis = value;
  }
  void boolean(std::string_view, bool) override {}
  void number(std::string_view, double) override {}
  void text(std::string_view, std::string_view) override {}
  void integers(std::string_view, const std::vector<std::int64_t>&) override {}
};

// What the activation was taken of, if `output` is the result of one, be it widened: then nothing that the activation
// rounded away is lost.
std::optional<Tensor> logits_of(const Tensor& output, std::string_view activation, int axis) {
  const graph::Op& op = output.node().op();
  if (op.name() == "cast" && output.dtype() == float32 && output.node().inputs()[0].dtype() == graph::bfloat16) {
    const std::optional<Tensor> narrow = logits_of(output.node().inputs()[0], activation, axis);
    return narrow ? std::optional(cast(*narrow, float32)) : std::nullopt;
  }
  if (op.name() != activation || output.node().inputs().size() != 1) return std::nullopt;
  AxisField field;
  op.fields(field);
  if (field.axis && output.shape().normalize(static_cast<int>(*field.axis)) != axis) return std::nullopt;
  return output.node().inputs()[0];
}

Tensor axis_last(const Tensor& x, int axis) {
  std::vector<int> axes(x.shape().size());
  std::iota(axes.begin(), axes.end(), 0);
  axes.erase(axes.begin() + axis);
  axes.push_back(axis);
  return transpose(x, axes);
}

}  // namespace

Tensor categorical_crossentropy(const Tensor& target, const Tensor& output, bool from_logits, int axis) {
  require_alike("categorical_crossentropy", target, output);
  axis = internal::normalize("categorical_crossentropy", axis, output.shape());
  const Tensor t = cast(target, output.dtype());
  const std::optional<Tensor> logits = logits_of(output, "softmax", axis);
  if (logits || from_logits) return softmax_cross_entropy(axis_last(logits.value_or(output), axis), axis_last(t, axis));
  const Tensor p = clip_probability(output / sum(output, axis, keepdims));
  return -sum(t * log(p), axis);
}

Tensor sparse_categorical_crossentropy(const Tensor& labels, const Tensor& output, bool from_logits) {
  require<ShapeError>(output.ndim() > 0,
                      "sparse_categorical_crossentropy: expected predictions of shape (…, classes), got a scalar");
  const bool column = labels.ndim() == output.ndim() && labels.shape().back() == 1;
  const Tensor flat = column ? squeeze(labels, -1) : labels;
  require<ShapeError>(flat.shape() == output.shape().drop_back(),
                      "sparse_categorical_crossentropy: expected labels of shape ", output.shape().drop_back(), " or ",
                      output.shape().with(-1, 1), " for predictions ", output.shape(), ", got ", labels.shape());
  const std::optional<Tensor> logits = logits_of(output, "softmax", output.ndim() - 1);
  if (logits || from_logits) return sparse_softmax_cross_entropy(logits.value_or(output), flat);
  return sparse_softmax_cross_entropy(log(clip_probability(output)), flat);
}

Tensor binary_crossentropy(const Tensor& target, const Tensor& output, bool from_logits) {
  require_alike("binary_crossentropy", target, output);
  const Tensor t = cast(target, output.dtype());
  const std::optional<Tensor> logits = logits_of(output, "sigmoid", 0);
  if (logits || from_logits) {
    const Tensor x = logits.value_or(output);
    const Tensor zero = graph::constant(0, x.dtype()), positive = greater_equal(x, zero);
    return where(positive, x, zero) - x * t + softplus(where(positive, -x, x));
  }
  const Tensor p = clip_probability(output);
  return -(t * log(p) + (1 - t) * log(1 - p));
}

}  // namespace cornu::ops
