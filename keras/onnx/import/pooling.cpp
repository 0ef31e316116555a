// Poolings.
#include "cornu/ops/pooling.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "cornu/graph/leaf.h"
#include "cornu/keras/onnx/importer.h"
#include "cornu/keras/onnx/internal/windows.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/pad.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/arg_reduction.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/gather.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/transpose.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::onnx {
namespace {

using internal::Windows;
using Integers = std::vector<std::int64_t>;

/// So many elements before and behind each axis that all windows lie within.
ops::PadWidth surroundings(const Windows& w, const graph::Shape& x, bool ceil_mode) {
  ops::PadWidth around{{0, 0}, {0, 0}};
  for (int axis = 0; axis < w.axes(); ++axis) {
    const auto i = static_cast<std::size_t>(axis);
    const std::int64_t count = w.count(axis, x[axis + 2], ceil_mode);
    const std::int64_t needed = (count - 1) * w.strides[i] + w.reach(axis);
    around.emplace_back(w.before[i], std::max(needed - x[axis + 2] - w.before[i], w.behind[i]));
  }
  return around;
}

/// The elements of each window along a last axis: (batch, channels, windows…, elements).
Tensor windows_apart(Tensor x, const Windows& w, const graph::Shape& shape, bool ceil_mode) {
  graph::Shape parted = x.shape().drop_back(w.axes());
  std::vector<int> order{0, 1}, within;
  std::int64_t elements = 1;
  for (int axis = 0; axis < w.axes(); ++axis) {
    const auto i = static_cast<std::size_t>(axis);
    const std::int64_t count = w.count(axis, shape[axis + 2], ceil_mode);
    Array places(graph::Shape{count * w.lengths[i]}, graph::int64);
    for (std::int64_t n = 0; n < count; ++n)
      for (std::int64_t k = 0; k < w.lengths[i]; ++k)
        places.data<std::int64_t>()[n * w.lengths[i] + k] = n * w.strides[i] + k * w.dilations[i];
    x = ops::take(x, graph::constant(places), axis + 2);
    parted = parted.append(count).append(w.lengths[i]);
    order.push_back(2 + 2 * axis), within.push_back(3 + 2 * axis);
    elements *= w.lengths[i];
  }
  order.insert(order.end(), within.begin(), within.end());
  const Tensor moved = ops::transpose(ops::reshape(x, parted), order);
  return ops::reshape(moved, moved.shape().drop_back(w.axes()).append(elements));
}

bool dilated(const Windows& w) {
  return std::any_of(w.dilations.begin(), w.dilations.end(), [](std::int64_t d) { return d != 1; });
}

ops::PerAxis each_of(const Integers& numbers) {
  ops::PerAxis each;
  for (const std::int64_t number : numbers) each.push_back(static_cast<int>(number));
  return each;
}

/// Poolings of one to three axes without dilation have an op of their own.
template <class Pool>
Tensor pooled(Pool pool, const Tensor& x, const Windows& w) {
  return internal::channels_second(
      pool(internal::channels_last(x), each_of(w.lengths), {.strides = each_of(w.strides)}));
}

/// Where each window's largest element lies in the input, counted through all of it.
Tensor places_of(const Tensor& apart, const Windows& w, const graph::Shape& x, const ops::PadWidth& around,
                 bool columns_first) {
  // The number of each element within a channel, taken apart as the numbers are.
  const std::int64_t inner = graph::Shape(Integers(x.begin() + 2, x.end())).elements();
  Array number(graph::Shape(Integers(x.begin() + 2, x.end())), graph::int64);
  for (std::int64_t flat = 0; flat < inner; ++flat) {
    std::int64_t rest = flat, place = 0, unit = 1;
    Integers at(static_cast<std::size_t>(w.axes()));
    for (int axis = w.axes(); axis-- > 0; rest /= x[axis + 2]) at[static_cast<std::size_t>(axis)] = rest % x[axis + 2];
    if (columns_first)
      for (int axis = 0; axis < w.axes(); ++axis)
        place += at[static_cast<std::size_t>(axis)] * unit, unit *= x[axis + 2];
    else
      place = flat;
    number.data<std::int64_t>()[flat] = place;
  }
  Tensor numbers = ops::reshape(graph::constant(number), number.shape().prepend(1).prepend(1));
  numbers = windows_apart(ops::pad(numbers, around), w, x, false);
  const Tensor best = ops::argmax(apart, -1, ops::KeepDims::yes);
  const Tensor found = ops::reshape(ops::take_along_axis(ops::broadcast_to(numbers, apart.shape()), best, -1),
                                    apart.shape().drop_back());
  const std::int64_t rows = x[0] * x[1];
  graph::Shape row{x[0], x[1]};
  while (row.rank() < x.rank()) row = row.append(1);
  Tensor offset = graph::constant(graph::arange(0, static_cast<double>(rows), 1, graph::int64));
  offset = ops::reshape(offset, row) * graph::constant(Array::scalar(inner));
  return found + offset;
}

const bool max_pool_read = add_import("MaxPool", [](ImportCall& c) -> Tensors {
  const Tensor x = c.in();
  const Windows w = internal::windows_of(c, c.integers("kernel_shape"));
  const bool ceil_mode = c.flag("ceil_mode", false);
  const ops::PadWidth around = surroundings(w, x.shape(), ceil_mode);
  const bool any = std::any_of(around.begin(), around.end(), [](const auto& p) { return p.first + p.second > 0; });
  const double low = graph::is_floating(x.dtype()) ? -std::numeric_limits<double>::infinity()
                     : x.dtype() == graph::uint8   ? 0
                                                   : std::numeric_limits<std::int32_t>::min();
  const Tensor padded = any ? ops::pad(x, around, {.constant_values = low}) : x;
  if (!c.wants(1) && !dilated(w) && w.axes() <= 3 && graph::is_floating(x.dtype()))
    return {pooled(ops::max_pool, padded, w)};
  const Tensor apart = windows_apart(padded, w, x.shape(), ceil_mode);
  const Tensor y = ops::max(apart, -1);
  if (!c.wants(1)) return {y};
  return {y, places_of(apart, w, x.shape(), around, c.integer("storage_order", 0) == 1)};
});

/// How many elements of each window count.
Tensor counted(const Windows& w, const graph::Shape& x, bool ceil_mode, bool include_pads) {
  Tensor all;
  for (int axis = 0; axis < w.axes(); ++axis) {
    const auto i = static_cast<std::size_t>(axis);
    const std::int64_t count = w.count(axis, x[axis + 2], ceil_mode);
    const std::int64_t from = include_pads ? -w.before[i] : 0, to = x[axis + 2] + (include_pads ? w.behind[i] : 0);
    Array counts = graph::zeros({count});
    for (std::int64_t n = 0; n < count; ++n)
      for (std::int64_t k = 0; k < w.lengths[i]; ++k) {
        const std::int64_t at = n * w.strides[i] + k * w.dilations[i] - w.before[i];
        counts.data<float>()[n] += at >= from && at < to ? 1.f : 0.f;
      }
    graph::Shape shape{count};
    for (int behind = axis + 1; behind < w.axes(); ++behind) shape = shape.append(1);
    const Tensor along = ops::reshape(graph::constant(counts), shape);
    all = all.defined() ? all * along : along;
  }
  return all;
}

const bool average_pool_read = add_import("AveragePool", [](ImportCall& c) -> Tensors {
  const Tensor x = c.in();
  const Windows w = internal::windows_of(c, c.integers("kernel_shape"));
  const bool ceil_mode = c.flag("ceil_mode", false);
  const ops::PadWidth around = surroundings(w, x.shape(), ceil_mode);
  const bool any = std::any_of(around.begin(), around.end(), [](const auto& p) { return p.first + p.second > 0; });
  const Tensor padded = any ? ops::pad(x, around) : x;
  const double elements = static_cast<double>(graph::Shape(w.lengths).elements());
  const bool own_op = !dilated(w) && w.axes() <= 3;
  if (!any && own_op) return {pooled(ops::average_pool, x, w)};
  const Tensor sum = own_op ? pooled(ops::average_pool, padded, w) * elements
                            : ops::sum(windows_apart(padded, w, x.shape(), ceil_mode), -1);
  return {sum / counted(w, x.shape(), ceil_mode, c.flag("count_include_pad", false))};
});

const bool lp_pool_read = add_import("LpPool", [](ImportCall& c) -> Tensors {
  const Tensor x = c.in();
  const Windows w = internal::windows_of(c, c.integers("kernel_shape"));
  const bool ceil_mode = c.flag("ceil_mode", false);
  const auto p = static_cast<double>(c.integer("p", 2));
  const Tensor powers = p == 2 ? ops::square(x) : ops::power(ops::abs(x), p);
  const Tensor sum =
      ops::sum(windows_apart(ops::pad(powers, surroundings(w, x.shape(), ceil_mode)), w, x.shape(), ceil_mode), -1);
  return {p == 2 ? ops::sqrt(sum) : ops::power(sum, 1 / p)};
});

std::vector<int> behind_channels(const Tensor& x) {
  std::vector<int> axes;
  for (int axis = 2; axis < x.ndim(); ++axis) axes.push_back(axis);
  return axes;
}
const bool global_poolings_read =
    add_import(
        "GlobalAveragePool",
        [](ImportCall& c) -> Tensors { return {ops::mean(c.in(), behind_channels(c.in()), ops::KeepDims::yes)}; }) &&
    add_import(
        "GlobalMaxPool",
        [](ImportCall& c) -> Tensors { return {ops::max(c.in(), behind_channels(c.in()), ops::KeepDims::yes)}; }) &&
    add_import("GlobalLpPool", [](ImportCall& c) -> Tensors {
      const auto p = static_cast<double>(c.integer("p", 2));
      const Tensor sum = ops::sum(ops::power(ops::abs(c.in()), p), behind_channels(c.in()), ops::KeepDims::yes);
      return {ops::power(sum, 1 / p)};
    });

// Each number goes to the place where it was the largest.
const bool max_unpool_read = add_import("MaxUnpool", [](ImportCall& c) -> Tensors {
  const Tensor x = c.in(0);
  const Windows w = internal::windows_of(c, c.integers("kernel_shape"));
  graph::Shape small = x.shape(), shape = x.shape();
  for (int axis = 0; axis < w.axes(); ++axis) {
    const auto i = static_cast<std::size_t>(axis);
    small[axis + 2] = (x.shape()[axis + 2] - 1) * w.strides[i] - w.before[i] - w.behind[i] + w.lengths[i];
  }
  if (c.has(2))
    shape = graph::Shape(c.integers(2));
  else
    shape = small;
  // Places are counted through the smallest output there can be.
  Tensor places = ops::reshape(ops::cast(c.in(1), graph::int64), {-1});
  if (shape != small) {
    Tensor rest = places, moved;
    std::int64_t unit = 1;
    for (int axis = shape.rank(); axis-- > 0;) {
      const Tensor length = graph::constant(Array::scalar(small[axis]));
      const Tensor part = ops::mod(rest, length) * graph::constant(Array::scalar(unit));
      rest = ops::floor_divide(rest, length);
      moved = moved.defined() ? moved + part : part;
      unit *= shape[axis];
    }
    places = moved;
  }
  return {ops::reshape(ops::scatter_add(places, ops::reshape(x, {-1}), {shape.elements()}), shape)};
});

}  // namespace
}  // namespace cornu::keras::onnx
