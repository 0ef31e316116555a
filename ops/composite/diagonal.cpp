#include "cornu/ops/composite/diagonal.h"

#include <algorithm>

#include "cornu/graph/leaf.h"
#include "cornu/ops/internal/axis.h"
#include "cornu/ops/native/gather.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/native/slice.h"
#include "cornu/ops/native/transpose.h"
#include "cornu/ops/reduction.h"

namespace cornu::ops {
namespace {

using graph::require;

// x where `wanted(column - row)`, else 0.
template <class F>
Tensor triangle(std::string_view op, const Tensor& x, F&& wanted) {
  require<ShapeError>(x.ndim() >= 2, op, ": expected a tensor of rank 2 or more, got shape ", x.shape());
  const std::int64_t rows = x.shape()[x.ndim() - 2], columns = x.shape().back();
  Array mask(Shape{rows, columns}, graph::bool_);
  auto* at = reinterpret_cast<std::uint8_t*>(mask.bytes());
  for (std::int64_t row = 0; row < rows; ++row)
    for (std::int64_t column = 0; column < columns; ++column) *at++ = wanted(column - row);
  return where(mask, x, graph::constant(0, x.dtype()));
}

}  // namespace

Tensor diagonal(const Tensor& x, std::int64_t offset, int axis1, int axis2) {
  axis1 = internal::normalize("diagonal", axis1, x.shape());
  axis2 = internal::normalize("diagonal", axis2, x.shape());
  require<ShapeError>(axis1 != axis2, "diagonal: axis ", axis1, " given twice for shape ", x.shape());
  // The two axes, one behind the other, are seen as one, along which the diagonal's elements are equally far apart.
  const int first = std::min(axis1, axis2);
  const Tensor beside = moveaxis(x, std::max(axis1, axis2), first + 1);
  const std::int64_t rows = beside.shape()[first], columns = beside.shape()[first + 1];
  const std::int64_t shift = axis1 < axis2 ? offset : -offset;
  const std::int64_t top = std::max<std::int64_t>(0, -shift), left = std::max<std::int64_t>(0, shift);
  Array places({std::max<std::int64_t>(0, std::min(rows - top, columns - left))}, graph::int64);
  for (std::int64_t i = 0; i < places.size(); ++i) places.data<std::int64_t>()[i] = (top + i) * columns + left + i;
  const Tensor merged = reshape(beside, beside.shape().erase(first + 1).with(first, rows * columns));
  return moveaxis(take(merged, places, first), first, -1);
}

Tensor trace(const Tensor& x, std::int64_t offset, int axis1, int axis2) {
  return sum(diagonal(x, offset, axis1, axis2), -1);
}

Tensor diag(const Tensor& x, std::int64_t k) {
  if (x.ndim() == 2) return diagonal(x, k);
  require<ShapeError>(x.ndim() == 1, "diag: expected a vector or a matrix, got shape ", x.shape());
  // Zeros are put beside each element, so that a row is one longer than the matrix': each begins one place later in it.
  const std::int64_t above = std::max<std::int64_t>(0, k), below = std::max<std::int64_t>(0, -k);
  const std::int64_t n = x.shape()[0] + above + below, size = n * n, before = below * n;
  Tensor flat = reshape(pad(expand_dims(x, 1), 1, above, n - above), {-1});
  const std::int64_t length = std::min(flat.shape()[0], size - before);
  flat = slice(flat, 0, 0, length);
  return reshape(pad(flat, 0, before, size - before - length), {n, n});
}

Tensor tril(const Tensor& x, std::int64_t k) {
  return triangle("tril", x, [k](std::int64_t diagonal) { return diagonal <= k; });
}

Tensor triu(const Tensor& x, std::int64_t k) {
  return triangle("triu", x, [k](std::int64_t diagonal) { return diagonal >= k; });
}

}  // namespace cornu::ops
