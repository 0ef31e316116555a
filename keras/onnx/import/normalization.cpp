// Operators that subtract means and divide by deviations.
#include "cornu/graph/leaf.h"
#include "cornu/keras/onnx/importer.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/elementwise.h"
#include "cornu/ops/composite/statistics.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/moments.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/native/slice.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::onnx {
namespace {

using Axes = std::vector<int>;

Axes axes_from(int first, int rank) {
  Axes axes;
  for (int axis = first; axis < rank; ++axis) axes.push_back(axis);
  return axes;
}

/// A number for each channel, ready to broadcast against (batch, channels, …).
Tensor per_channel(const Tensor& x, int rank) {
  graph::Shape shape{1, x.shape().elements()};
  while (shape.rank() < rank) shape = shape.append(1);
  return ops::reshape(x, shape);
}

Tensor normalized(const Tensor& x, const Axes& axes, double epsilon) {
  const auto [mean, variance] = ops::moments(x, axes, ops::KeepDims::yes);
  return (x - mean) * ops::rsqrt(variance + epsilon);
}

const bool batch_normalization_read = add_import("BatchNormalization", [](ImportCall& c) -> Tensors {
  const Tensor x = c.in(0), scale = c.in(1), bias = c.in(2);
  const double epsilon = c.number("epsilon", 1e-5);
  const int rank = x.ndim();
  if (!c.flag("training_mode", false)) {
    const Tensor factor = scale * ops::rsqrt(c.in(4) + epsilon);
    return {x * per_channel(factor, rank) + per_channel(bias - c.in(3) * factor, rank)};
  }
  Axes axes = axes_from(2, rank);
  axes.insert(axes.begin(), 0);
  const double momentum = c.number("momentum", 0.9);
  const Tensor mean = ops::mean(x, axes), variance = ops::var(x, axes);
  const Tensor y = (x - per_channel(mean, rank)) * per_channel(scale * ops::rsqrt(variance + epsilon), rank);
  return {y + per_channel(bias, rank), c.in(3) * momentum + mean * (1 - momentum),
          c.in(4) * momentum + variance * (1 - momentum)};
});

const bool instance_normalization_read = add_import("InstanceNormalization", [](ImportCall& c) -> Tensors {
  const Tensor x = c.in(0);
  return {normalized(x, axes_from(2, x.ndim()), c.number("epsilon", 1e-5)) * per_channel(c.in(1), x.ndim()) +
          per_channel(c.in(2), x.ndim())};
});

const bool group_normalization_read = add_import("GroupNormalization", [](ImportCall& c) -> Tensors {
  const Tensor x = c.in(0);
  const std::int64_t groups = c.integer("num_groups", 1), channels = x.shape()[1];
  if (groups < 1 || channels % groups != 0)
    c.refuse(graph::message(channels, " channels are not in ", groups, " groups"));
  const Tensor parted = ops::reshape(x, {x.shape()[0], groups, -1});
  const Tensor y = ops::reshape(normalized(parted, {2}, c.number("epsilon", 1e-5)), x.shape());
  if (c.in(1).shape().elements() == channels)
    return {y * per_channel(c.in(1), x.ndim()) + per_channel(c.in(2), x.ndim())};
  // Until opset 20 a factor for each group.
  const Tensor grouped = ops::reshape(y, {x.shape()[0], groups, -1});
  return {ops::reshape(grouped * per_channel(c.in(1), 3) + per_channel(c.in(2), 3), x.shape())};
});

const bool layer_normalization_read = add_import("LayerNormalization", [](ImportCall& c) -> Tensors {
  const Tensor x = c.in(0);
  const Axes axes = axes_from(x.shape().normalize(static_cast<int>(c.integer("axis", -1))), x.ndim());
  const auto [mean, variance] = ops::moments(x, axes, ops::KeepDims::yes);
  const Tensor inverse = ops::rsqrt(variance + c.number("epsilon", 1e-5));
  Tensor y = (x - mean) * inverse * c.in(1);
  if (c.has(2)) y = y + c.in(2);
  return {y, mean, inverse};
});

const bool rms_normalization_read = add_import("RMSNormalization", [](ImportCall& c) -> Tensors {
  const Tensor x = c.in(0);
  const Axes axes = axes_from(x.shape().normalize(static_cast<int>(c.integer("axis", -1))), x.ndim());
  const Tensor power = ops::mean(ops::square(x), axes, ops::KeepDims::yes);
  return {x * ops::rsqrt(power + c.number("epsilon", 1e-5)) * c.in(1)};
});

const bool mean_variance_read = add_import("MeanVarianceNormalization", [](ImportCall& c) -> Tensors {
  const auto given = c.integers("axes", {0, 2, 3});
  const Tensor x = c.in(), apart = x - ops::mean(x, Axes(given.begin(), given.end()), ops::KeepDims::yes);
  const Tensor deviation =
      ops::sqrt(ops::mean(ops::square(apart), Axes(given.begin(), given.end()), ops::KeepDims::yes));
  return {apart / (deviation + 1e-9)};
});

const bool lp_normalization_read = add_import("LpNormalization", [](ImportCall& c) -> Tensors {
  const Tensor x = c.in();
  const auto axis = static_cast<int>(c.integer("axis", -1));
  const Tensor norm = c.integer("p", 2) == 1 ? ops::sum(ops::abs(x), axis, ops::KeepDims::yes)
                                             : ops::sqrt(ops::sum(ops::square(x), axis, ops::KeepDims::yes));
  const Tensor none = graph::constant(0, graph::float32);
  return {x / ops::where(ops::equal(norm, none), graph::constant(1, graph::float32), norm)};
});

const bool lrn_read = add_import("LRN", [](ImportCall& c) -> Tensors {
  const Tensor x = c.in();
  const std::int64_t size = c.integer("size", 1), before = (size - 1) / 2, channels = x.shape()[1];
  const Tensor padded = ops::pad(ops::square(x), 1, before, size - 1 - before);
  Tensor sum;
  for (std::int64_t i = 0; i < size; ++i) {
    const Tensor shifted = ops::slice(padded, 1, i, i + channels);
    sum = sum.defined() ? sum + shifted : shifted;
  }
  const Tensor scale = ops::linear(sum, c.number("alpha", 1e-4) / static_cast<double>(size), c.number("bias", 1));
  return {x / ops::power(scale, c.number("beta", 0.75))};
});

}  // namespace
}  // namespace cornu::keras::onnx
