// Elements by their numbers.
#include <algorithm>

#include "cornu/graph/leaf.h"
#include "cornu/keras/onnx/importer.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/scatter.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/gather.h"
#include "cornu/ops/native/one_hot.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/native/slice.h"
#include "cornu/ops/native/transpose.h"

namespace cornu::keras::onnx {
namespace {

using graph::Shape;

Tensor whole(std::int64_t value) { return graph::constant(Array::scalar(value)); }
Tensor counted_to(std::int64_t length) {
  return graph::constant(graph::arange(0, static_cast<double>(length), 1, graph::int64));
}
Tensor from_front(const Tensor& indices, std::int64_t length) {
  const Tensor i = ops::cast(indices, graph::int64);
  return ops::where(ops::less(i, whole(0)), i + whole(length), i);
}

const bool gather_read = add_import("Gather", [](ImportCall& c) -> Tensors {
  return {ops::take(c.in(0), c.in(1), static_cast<int>(c.integer("axis", 0)))};
});
const bool gather_elements_read = add_import("GatherElements", [](ImportCall& c) -> Tensors {
  // Of axes that the indices do not go through to the end, only the first elements are read.
  Tensor x = c.in(0);
  const int axis = x.shape().normalize(static_cast<int>(c.integer("axis", 0)));
  for (int other = 0; other < x.ndim(); ++other)
    if (other != axis && c.in(1).shape()[other] < x.shape()[other]) x = ops::slice(x, other, 0, c.in(1).shape()[other]);
  return {ops::take_along_axis(x, c.in(1), axis)};
});

/// The numbers of rows of a tensor whose first axes, from `batch` on, became one, for indices (…, k) behind the
/// batch's.
struct Rows {
  Tensor numbers;       ///< of the shape of the indices without their last axis
  Shape leading, rest;  ///< the axes that became one, and those of a row
  std::int64_t count;
};
Rows rows_of(const Tensor& indices, const Shape& x, int batch) {
  const auto k = static_cast<int>(indices.shape().back());
  Rows rows{{}, {}, {}, 1};
  for (int axis = 0; axis < x.rank(); ++axis) {
    if (axis < batch + k) rows.count *= x[axis];
    (axis < batch + k ? rows.leading : rows.rest) = (axis < batch + k ? rows.leading : rows.rest).append(x[axis]);
  }
  const Shape places = indices.shape().drop_back();
  rows.numbers = ops::broadcast_to(whole(0), places);
  for (int axis = 0; axis < batch + k; ++axis) {
    Tensor here;
    if (axis < batch) {
      Shape along = Shape(std::vector<std::int64_t>(places.size(), 1));
      here = ops::reshape(counted_to(x[axis]), along.with(axis, x[axis]));
    } else {
      here = from_front(ops::squeeze(ops::slice(indices, -1, axis - batch, axis - batch + 1), -1), x[axis]);
    }
    rows.numbers = rows.numbers * whole(x[axis]) + here;
  }
  return rows;
}

const bool gather_nd_read = add_import("GatherND", [](ImportCall& c) -> Tensors {
  const Tensor x = c.in(0);
  const Rows rows = rows_of(c.in(1), x.shape(), static_cast<int>(c.integer("batch_dims", 0)));
  return {ops::take(ops::reshape(x, rows.rest.prepend(rows.count)), rows.numbers, 0)};
});

/// x with updates in place of its rows, or put together with them one after the other.
Tensor scattered(const ImportCall& c, const Tensor& x, const Tensor& rows, const Tensor& updates,
                 const std::string& reduction) {
  const std::int64_t count = x.shape()[0], n = rows.shape()[0];
  if (reduction == "add") return x + ops::scatter_add(rows, updates, x.shape());
  if (reduction == "none") {
    const Tensor last = ops::last_occurrence(rows, count);
    const Tensor none = graph::constant(Array::scalar(std::int32_t{0}));
    return ops::where(ops::expand_dims(ops::greater_equal(last, none), 1),
                      ops::take(updates, ops::maximum(last, none), 0), x);
  }
  constexpr std::int64_t kMost = 1024;
  if (n > kMost) c.refuse(graph::message("puts more than ", kMost, " updates together by \"", reduction, "\""));
  Tensor y = x;
  for (std::int64_t i = 0; i < n; ++i) {  // one row may be met twice
    const Tensor row = ops::slice(updates, 0, i, i + 1);
    const Tensor met = ops::expand_dims(ops::equal(counted_to(count), ops::slice(rows, 0, i, i + 1)), 1);
    const Tensor joined = reduction == "mul"   ? y * row
                          : reduction == "max" ? ops::maximum(y, row)
                                               : ops::minimum(y, row);
    y = ops::where(met, joined, y);
  }
  return y;
}

const bool scatter_nd_read = add_import("ScatterND", [](ImportCall& c) -> Tensors {
  const Tensor x = c.in(0);
  const Rows rows = rows_of(c.in(1), x.shape(), 0);
  const std::int64_t width = std::max<std::int64_t>(rows.rest.elements(), 1);
  const Tensor y = scattered(c, ops::reshape(x, {rows.count, width}), ops::reshape(rows.numbers, {-1}),
                             ops::reshape(c.in(2), {-1, width}), c.text("reduction", "none"));
  return {ops::reshape(y, x.shape())};
});

Tensors scatter_elements(ImportCall& c) {
  const Tensor x = c.in(0), indices = c.in(1);
  const int axis = x.shape().normalize(static_cast<int>(c.integer("axis", 0)));
  // The place of each update among all elements.
  Tensor place = ops::broadcast_to(whole(0), indices.shape());
  for (int each = 0; each < x.ndim(); ++each) {
    const Shape along = Shape(std::vector<std::int64_t>(indices.shape().size(), 1)).with(each, indices.shape()[each]);
    const Tensor here =
        each == axis ? from_front(indices, x.shape()[axis]) : ops::reshape(counted_to(indices.shape()[each]), along);
    place = place * whole(x.shape()[each]) + here;
  }
  const Tensor y = scattered(c, ops::reshape(x, {-1, 1}), ops::reshape(place, {-1}), ops::reshape(c.in(2), {-1, 1}),
                             c.text("reduction", "none"));
  return {ops::reshape(y, x.shape())};
}
const bool scatter_elements_read =
    add_import("ScatterElements", scatter_elements) && add_import("Scatter", scatter_elements);

const bool one_hot_read = add_import("OneHot", [](ImportCall& c) -> Tensors {
  const auto depth = static_cast<std::int64_t>(c.numbers(1).flatten()[0].item<double>());
  const Tensor hot = ops::one_hot(from_front(c.in(0), depth), depth), values = c.in(2);
  const Tensor off = ops::slice(values, 0, 0, 1), on = ops::slice(values, 0, 1, 2);
  const auto axis = static_cast<int>(c.integer("axis", -1));
  return {ops::moveaxis(ops::where(ops::cast(hot, graph::bool_), on, off), -1, axis)};
});

// How many elements there are must be known before anything runs.
const bool compress_read = add_import("Compress", [](ImportCall& c) -> Tensors {
  const Array which = c.numbers(1).astype(graph::bool_);
  std::vector<std::int64_t> places;
  for (std::int64_t i = 0; i < which.size(); ++i)
    if (which.data<bool>()[i]) places.push_back(i);
  const Tensor rows = graph::constant(Array(places, Shape{static_cast<std::int64_t>(places.size())}));
  if (c.has_attribute("axis")) return {ops::take(c.in(), rows, static_cast<int>(c.integer("axis", 0)))};
  return {ops::take(ops::reshape(c.in(), {-1}), rows, 0)};
});
const bool nonzero_read = add_import("NonZero", [](ImportCall& c) -> Tensors {
  const Array which = c.numbers(0);
  const Array flags = which.dtype() == graph::bool_ ? which : which != graph::Scalar(0);
  std::vector<std::vector<std::int64_t>> places(static_cast<std::size_t>(which.ndim()));
  for (std::int64_t flat = 0; flat < flags.size(); ++flat) {
    if (!flags.data<bool>()[flat]) continue;
    std::int64_t rest = flat;
    for (int axis = which.ndim(); axis-- > 0; rest /= which.shape()[axis])
      places[static_cast<std::size_t>(axis)].push_back(rest % which.shape()[axis]);
  }
  Array found(Shape{which.ndim(), places.empty() ? 0 : static_cast<std::int64_t>(places[0].size())}, graph::int64);
  std::int64_t* out = found.data<std::int64_t>();
  for (const auto& row : places) out = std::copy(row.begin(), row.end(), out);
  return {graph::constant(found)};
});

}  // namespace
}  // namespace cornu::keras::onnx
