#include "cornu/ops/composite/scatter.h"

#include "cornu/graph/leaf.h"
#include "cornu/graph/op.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/gather.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/native/slice.h"

namespace cornu::ops {
namespace {

using graph::require;

// The parts of a tensor as rows of a matrix, and which of them each index means.
struct Parts {
  std::int64_t count = 1, elements = 1;  // rows and columns
  Tensor places;                         // (number of updates,): row numbers
  Tensor updates;                        // (number of updates, elements)

  Parts(std::string_view op, const Shape& shape, const Tensor& indices, const Tensor& given) {
    require<TypeError>(graph::is_integer(indices.dtype()), op, ": expected integer indices, got ", indices);
    const int k = indices.ndim() == 0 ? 0 : static_cast<int>(indices.shape().back());
    require<ShapeError>(k >= 1 && k <= shape.rank(), op, ": expected indices (…, 1 to ", shape.rank(), ") for shape ",
                        shape, ", got ", indices.shape());
    Shape wanted = indices.shape().drop_back();
    const std::int64_t rows = wanted.elements();
    for (int axis = 0; axis < shape.rank(); ++axis) {
      (axis < k ? count : elements) *= shape[axis];
      if (axis >= k) wanted = wanted.append(shape[axis]);
    }
    require<ShapeError>(given.shape() == wanted, op, ": expected updates of shape ", wanted, " for indices ",
                        indices.shape(), " into shape ", shape, ", got ", given.shape());
    updates = reshape(given, {rows, elements});
    places = row_numbers(reshape(indices, {rows, k}), shape);
  }

 private:
  Tensor row_numbers(const Tensor& indices, const Shape& shape) const {
    const int k = static_cast<int>(indices.shape()[1]);
    const auto column = [&](int axis) { return squeeze(slice(indices, 1, axis, axis + 1), 1); };
    if (k == 1) return column(0);
    const auto number = [](std::int64_t n) { return Tensor(Array::scalar(n)); };
    Tensor row, there;
    for (int axis = 0; axis < k; ++axis) {
      Tensor i = cast(column(axis), graph::int64);
      i = where(less(i, number(0)), i + number(shape[axis]), i);
      const Tensor inside = logical_and(greater_equal(i, number(0)), less(i, number(shape[axis])));
      row = axis == 0 ? i : row * number(shape[axis]) + i;
      there = axis == 0 ? inside : logical_and(there, inside);
    }
    return where(there, row, number(count));  // one behind the last row is none
  }
};

}  // namespace

Tensor scatter(const Tensor& indices, const Tensor& values, const Shape& shape) {
  const Parts parts("scatter", shape, indices, values);
  return reshape(scatter_add(parts.places, parts.updates, {parts.count, parts.elements}), shape);
}

Tensor scatter_update(const Tensor& inputs, const Tensor& indices, const Tensor& updates, std::string_view reduction) {
  require<ValueError>(reduction.empty() || reduction == "add", "scatter_update: expected no reduction or 'add', got '",
                      reduction, "'");
  require<TypeError>(inputs.dtype() == updates.dtype(),
                     "scatter_update: expected inputs and updates of one dtype, got ", inputs, " and ", updates);
  if (!reduction.empty()) return inputs + scatter(indices, updates, inputs.shape());
  const Parts parts("scatter_update", inputs.shape(), indices, updates);
  const Tensor last = last_occurrence(parts.places, parts.count);
  const Tensor updated = expand_dims(greater_equal(last, Tensor(Array::scalar(std::int32_t{0}))), 1);
  const Tensor rows = reshape(inputs, {parts.count, parts.elements});
  return reshape(where(updated, take(parts.updates, last, 0), rows), inputs.shape());
}

Tensor slice_update(const Tensor& inputs, const std::vector<std::int64_t>& start_indices, const Tensor& updates) {
  const Shape &whole = inputs.shape(), &part = updates.shape();
  require<TypeError>(inputs.dtype() == updates.dtype(), "slice_update: expected inputs and updates of one dtype, got ",
                     inputs, " and ", updates);
  require<ShapeError>(part.rank() == whole.rank() && static_cast<int>(start_indices.size()) == whole.rank(),
                      "slice_update: expected updates and start_indices of ", whole.rank(), " axes for shape ", whole,
                      ", got shape ", part, " and ", start_indices.size(), " start_indices");
  for (int axis = 0; axis < whole.rank(); ++axis) {
    const std::int64_t start = start_indices[static_cast<std::size_t>(axis)], stop = start + part[axis];
    require<ShapeError>(start >= 0 && stop <= whole[axis], "slice_update: [", start, ", ", stop,
                        ") is out of bounds for axis ", axis, " of shape ", whole);
  }
  Tensor y = updates;
  // From the last axis on, what lies beside the updates is put around them: before it, the parts of the inputs that
  // share their places along the axes in front.
  for (int axis = whole.rank() - 1; axis >= 0; --axis) {
    const std::int64_t start = start_indices[static_cast<std::size_t>(axis)], stop = start + part[axis];
    Tensor beside = inputs;
    for (int other = 0; other < axis; ++other) {
      const std::int64_t first = start_indices[static_cast<std::size_t>(other)];
      beside = slice(beside, other, first, first + part[other]);
    }
    Tensors row;
    if (start > 0) row.push_back(slice(beside, axis, 0, start));
    row.push_back(y);
    if (stop < whole[axis]) row.push_back(slice(beside, axis, stop, whole[axis]));
    y = concatenate(row, axis);
  }
  return y;
}

}  // namespace cornu::ops
