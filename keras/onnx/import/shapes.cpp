// Operators that move elements, and those about shapes.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "cornu/graph/leaf.h"
#include "cornu/keras/onnx/importer.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/diagonal.h"
#include "cornu/ops/composite/pad.h"
#include "cornu/ops/composite/rearrange.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/gather.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/native/slice.h"
#include "cornu/ops/native/transpose.h"

namespace cornu::keras::onnx {
namespace {

using graph::Shape;
using Integers = std::vector<std::int64_t>;

Tensor fixed_list(const Integers& values) {
  return graph::constant(Array(values, Shape{static_cast<std::int64_t>(values.size())}));
}

std::vector<int> as_axes(const Integers& list, int rank) {
  std::vector<int> axes;
  for (const std::int64_t axis : list) axes.push_back(static_cast<int>(axis < 0 ? axis + rank : axis));
  return axes;
}

const bool reshape_read = add_import("Reshape", [](ImportCall& c) -> Tensors {
  const Tensor x = c.in();
  Integers shape = c.opset() >= 5 ? c.integers(1) : c.integers("shape");
  if (!c.flag("allowzero", false))
    for (std::size_t i = 0; i < shape.size(); ++i)
      if (shape[i] == 0 && static_cast<int>(i) < x.ndim()) shape[i] = x.shape()[static_cast<int>(i)];
  return {ops::reshape(x, Shape(shape))};
});
const bool flatten_read = add_import("Flatten", [](ImportCall& c) -> Tensors {
  const Tensor x = c.in();
  std::int64_t axis = c.integer("axis", 1), rows = 1;
  if (axis < 0) axis += x.ndim();
  for (int i = 0; i < axis && i < x.ndim(); ++i) rows *= x.shape()[i];
  return {ops::reshape(x, {rows, rows == 0 ? 0 : x.shape().elements() / rows})};
});
const bool squeeze_read = add_import("Squeeze", [](ImportCall& c) -> Tensors {
  const Integers axes = c.has(1) ? c.integers(1) : c.integers("axes");
  if (axes.empty() && !c.has(1)) return {ops::squeeze(c.in())};
  return {ops::squeeze(c.in(), as_axes(axes, c.in().ndim()))};
});
const bool unsqueeze_read = add_import("Unsqueeze", [](ImportCall& c) -> Tensors {
  const Integers axes = c.has(1) ? c.integers(1) : c.integers("axes");
  return {ops::expand_dims(c.in(), as_axes(axes, c.in().ndim() + static_cast<int>(axes.size())))};
});
const bool transpose_read = add_import("Transpose", [](ImportCall& c) -> Tensors {
  return {ops::transpose(c.in(), as_axes(c.integers("perm"), c.in().ndim()))};
});
const bool expand_read = add_import("Expand", [](ImportCall& c) -> Tensors {
  return {ops::broadcast_to(c.in(), graph::broadcast(c.in().shape(), Shape(c.integers(1)), "Expand"))};
});
const bool tile_read = add_import("Tile", [](ImportCall& c) -> Tensors {
  const Integers repeats = c.integers(1);
  return {ops::tile(c.in(), repeats)};
});
const bool concat_read = add_import("Concat", [](ImportCall& c) -> Tensors {
  return {ops::concatenate(c.all_inputs(), static_cast<int>(c.integer("axis", 1)))};
});
const bool split_read = add_import("Split", [](ImportCall& c) -> Tensors {
  const Tensor x = c.in();
  const int axis = x.shape().normalize(static_cast<int>(c.integer("axis", 0)));
  Integers lengths = c.has(1) ? c.integers(1) : c.integers("split");
  if (lengths.empty()) {
    std::int64_t parts = c.integer("num_outputs", 0);
    for (int i = 0; parts == 0 || (!c.has_attribute("num_outputs") && c.wants(i)); ++i) parts = i + 1;
    const std::int64_t length = (x.shape()[axis] + parts - 1) / std::max<std::int64_t>(parts, 1);
    for (std::int64_t at = 0; parts-- > 0; at += length)
      lengths.push_back(std::max<std::int64_t>(std::min(length, x.shape()[axis] - at), 0));
  }
  Tensors all;
  std::int64_t at = 0;
  for (const std::int64_t length : lengths) all.push_back(ops::slice(x, axis, at, at + length)), at += length;
  return all;
});

/// Elements from `start` to `end` in steps, as Python counts.
Tensor stepped(const Tensor& x, int axis, std::int64_t start, std::int64_t end, std::int64_t step) {
  const std::int64_t length = x.shape()[axis];
  const auto clipped = [&](std::int64_t at) {
    if (at < 0) at += at < -length ? 0 : length;
    return step > 0 ? std::clamp<std::int64_t>(at, 0, length) : std::clamp<std::int64_t>(at, -1, length - 1);
  };
  const std::int64_t from = clipped(start), to = end < -length && step < 0 ? -1 : clipped(end);
  if (step == 1) return ops::slice(x, axis, from, std::max(from, to));
  Integers places;
  for (std::int64_t i = from; step > 0 ? i < to : i > to; i += step) places.push_back(i);
  return ops::take(x, fixed_list(places), axis);
}

const bool slice_read = add_import("Slice", [](ImportCall& c) -> Tensors {
  Tensor x = c.in();
  const bool attributes = c.opset() < 10;
  const Integers starts = attributes ? c.integers("starts") : c.integers(1),
                 ends = attributes ? c.integers("ends") : c.integers(2);
  Integers axes = attributes ? c.integers("axes") : c.has(3) ? c.integers(3) : Integers();
  const Integers steps = !attributes && c.has(4) ? c.integers(4) : Integers(starts.size(), 1);
  if (axes.empty())
    for (std::size_t i = 0; i < starts.size(); ++i) axes.push_back(static_cast<std::int64_t>(i));
  if (ends.size() != starts.size() || axes.size() != starts.size() || steps.size() != starts.size())
    c.refuse("its starts, ends, axes and steps are not equally many");
  for (std::size_t i = 0; i < starts.size(); ++i) {
    if (steps[i] == 0) c.refuse("it has a step of 0");
    x = stepped(x, x.shape().normalize(static_cast<int>(axes[i])), starts[i], ends[i], steps[i]);
  }
  return {x};
});

/// Puts elements before and behind axes; negative numbers take some away.
Tensor padded_by(Tensor x, const std::vector<int>& axes, const Integers& pads, const std::string& mode, double value) {
  ops::PadWidth widths(static_cast<std::size_t>(x.ndim()), {0, 0});
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const std::int64_t before = pads.at(i), after = pads.at(i + axes.size());
    const std::int64_t length = x.shape()[axes[i]];
    if (before < 0 || after < 0)
      x = ops::slice(x, axes[i], std::max<std::int64_t>(-before, 0), length + std::min<std::int64_t>(after, 0));
    widths[static_cast<std::size_t>(axes[i])] = {std::max<std::int64_t>(before, 0), std::max<std::int64_t>(after, 0)};
  }
  if (mode == "constant") return ops::pad(x, widths, {.mode = mode, .constant_values = value});
  return ops::pad(x, widths, {.mode = mode});
}

const bool pad_read = add_import("Pad", [](ImportCall& c) -> Tensors {
  const Tensor x = c.in();
  const Integers pads = c.opset() < 11 ? c.integers("pads") : c.integers(1);
  const double value = c.opset() < 11 ? c.number("value", 0) : c.has(2) ? c.number(2) : 0;
  std::vector<int> axes(static_cast<std::size_t>(x.ndim()));
  std::iota(axes.begin(), axes.end(), 0);
  if (c.has(3)) axes = as_axes(c.integers(3), x.ndim());
  if (pads.size() != 2 * axes.size())
    c.refuse(graph::message("it has ", pads.size(), " pads for ", axes.size(), " axes"));
  return {padded_by(x, axes, pads, c.text("mode", "constant"), value)};
});

const bool center_crop_pad_read = add_import("CenterCropPad", [](ImportCall& c) -> Tensors {
  Tensor x = c.in();
  const Integers lengths = c.integers(1);
  std::vector<int> axes = as_axes(c.integers("axes"), x.ndim());
  if (axes.empty())
    for (int axis = 0; axis < x.ndim(); ++axis) axes.push_back(axis);
  for (std::size_t i = 0; i < axes.size() && i < lengths.size(); ++i) {
    const std::int64_t now = x.shape()[axes[i]], then = lengths[i], less = now - then, more = then - now;
    x = less > 0   ? ops::slice(x, axes[i], less / 2, less / 2 + then)
        : more > 0 ? padded_by(x, {axes[i]}, {more / 2, more - more / 2}, "constant", 0)
                   : x;
  }
  return {x};
});

const bool shape_read = add_import("Shape", [](ImportCall& c) -> Tensors {
  const Shape& shape = c.in().shape();
  const auto bound = [&](std::int64_t at) {
    return std::clamp<std::int64_t>(at < 0 ? at + shape.rank() : at, 0, shape.rank());
  };
  const std::int64_t from = bound(c.integer("start", 0)), to = std::max(from, bound(c.integer("end", shape.rank())));
  return {fixed_list(Integers(shape.begin() + from, shape.begin() + to))};
});
const bool size_read = add_import(
    "Size", [](ImportCall& c) -> Tensors { return {graph::constant(Array::scalar(c.in().shape().elements()))}; });
const bool constant_read = add_import("Constant", [](ImportCall& c) -> Tensors {
  if (c.has_attribute("value_float")) return {graph::constant(c.number("value_float", 0), graph::float32)};
  if (c.has_attribute("value_int")) return {graph::constant(Array::scalar(c.integer("value_int", 0)))};
  if (c.has_attribute("value_ints")) return {fixed_list(c.integers("value_ints"))};
  if (c.has_attribute("value_floats")) return {graph::constant(Array(c.floats("value_floats")))};
  return {graph::constant(c.array("value"))};
});
const bool constant_of_shape_read = add_import("ConstantOfShape", [](ImportCall& c) -> Tensors {
  const Array value = c.has_attribute("value") ? c.array("value").reshape({}) : graph::zeros({});
  return {ops::broadcast_to(graph::constant(value), Shape(c.integers(0)))};
});
const bool range_read = add_import("Range", [](ImportCall& c) -> Tensors {
  const double start = c.number(0), limit = c.number(1), delta = c.number(2);
  if (delta == 0) c.refuse("its step is 0");
  const auto count = std::max<std::int64_t>(static_cast<std::int64_t>(std::ceil((limit - start) / delta)), 0);
  return {graph::constant(
      (graph::arange(0, static_cast<double>(count), 1, graph::float64) * delta + start).astype(c.in(0).dtype()))};
});
const bool eye_like_read = add_import("EyeLike", [](ImportCall& c) -> Tensors {
  const Shape& shape = c.in().shape();
  const graph::DType dtype = c.has_attribute("dtype") ? c.dtype("dtype", 1) : c.in().dtype();
  Array eye = graph::zeros(shape, graph::float32);
  const std::int64_t k = c.integer("k", 0);
  for (std::int64_t row = 0; row < shape[0]; ++row)
    if (row + k >= 0 && row + k < shape[1]) eye.data<float>()[row * shape[1] + row + k] = 1;
  return {graph::constant(eye.astype(dtype))};
});
const bool trilu_read = add_import("Trilu", [](ImportCall& c) -> Tensors {
  const std::int64_t k = c.has(1) ? c.integers(1).at(0) : 0;
  return {c.flag("upper", true) ? ops::triu(c.in(), k) : ops::tril(c.in(), k)};
});

const bool depth_to_space_read = add_import("DepthToSpace", [](ImportCall& c) -> Tensors {
  const Tensor x = c.in();
  const std::int64_t b = c.integer("blocksize", 1), n = x.shape()[0], depth = x.shape()[1] / (b * b), h = x.shape()[2],
                     w = x.shape()[3];
  const bool columns_first = c.text("mode", "DCR") == "CRD";
  const Tensor parted = ops::reshape(x, columns_first ? Shape{n, depth, b, b, h, w} : Shape{n, b, b, depth, h, w});
  const Tensor moved =
      ops::transpose(parted, columns_first ? std::vector<int>{0, 1, 4, 2, 5, 3} : std::vector<int>{0, 3, 4, 1, 5, 2});
  return {ops::reshape(moved, {n, depth, h * b, w * b})};
});
const bool space_to_depth_read = add_import("SpaceToDepth", [](ImportCall& c) -> Tensors {
  const Tensor x = c.in();
  const std::int64_t b = c.integer("blocksize", 1), n = x.shape()[0], depth = x.shape()[1], h = x.shape()[2] / b,
                     w = x.shape()[3] / b;
  const Tensor parted = ops::reshape(x, {n, depth, h, b, w, b});
  const bool columns_first = c.text("mode", "DCR") == "CRD";
  const Tensor moved =
      ops::transpose(parted, columns_first ? std::vector<int>{0, 1, 3, 5, 2, 4} : std::vector<int>{0, 3, 5, 1, 2, 4});
  return {ops::reshape(moved, {n, depth * b * b, h, w})};
});

const bool reverse_sequence_read = add_import("ReverseSequence", [](ImportCall& c) -> Tensors {
  const auto batch = static_cast<int>(c.integer("batch_axis", 1)), time = static_cast<int>(c.integer("time_axis", 0));
  const Tensor x = c.in();
  const std::int64_t steps = x.shape()[time];
  // Step t of a sequence of n steps is step n - 1 - t, as long as there is one; else it stays.
  Shape row = Shape(Integers(static_cast<std::size_t>(x.ndim()), 1));
  const Tensor number = ops::reshape(graph::constant(graph::arange(0, static_cast<double>(steps), 1, graph::int64)),
                                     row.with(time, steps));
  const Tensor length = ops::reshape(ops::cast(c.in(1), graph::int64), row.with(batch, x.shape()[batch]));
  const Tensor place =
      ops::where(ops::less(number, length), length - number - graph::constant(Array::scalar(std::int64_t{1})), number);
  return {ops::take_along_axis(x, ops::broadcast_to(place, x.shape()), time)};
});

}  // namespace
}  // namespace cornu::keras::onnx
