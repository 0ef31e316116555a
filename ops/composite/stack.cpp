#include "cornu/ops/composite/stack.h"

#include <algorithm>

#include "cornu/graph/op.h"
#include "cornu/ops/internal/axis.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/slice.h"

namespace cornu::ops {

using graph::require;

Tensor stack(const Tensors& xs, int axis) {
  require<ValueError>(!xs.empty(), "stack: expected at least one tensor, got none");
  Tensors rows;
  for (const Tensor& x : xs) {
    require<TypeError>(x.dtype() == xs[0].dtype(), "stack: expected tensors of one dtype, got ", xs[0], " and ", x);
    require<ShapeError>(x.shape() == xs[0].shape(), "stack: expected tensors of one shape, got ", xs[0].shape(),
                        " and ", x.shape());
    const int rank = x.ndim() + 1;
    require<ShapeError>(axis >= -rank && axis < rank, "stack: axis ", axis, " is out of bounds for ", rank, " axes");
    rows.push_back(expand_dims(x, axis));
  }
  return concatenate(rows, axis);
}

Tensors unstack(const Tensor& x, std::optional<std::int64_t> num, int axis) {
  axis = internal::normalize("unstack", axis, x.shape());
  const std::int64_t length = x.shape()[axis];
  require<ShapeError>(!num || *num == length, "unstack: expected length ", num.value_or(0), " at axis ", axis,
                      ", got shape ", x.shape());
  Tensors rows;
  for (std::int64_t i = 0; i < length; ++i) rows.push_back(squeeze(slice(x, axis, i, i + 1), axis));
  return rows;
}

Tensors meshgrid(const Tensors& xs, std::string_view indexing) {
  require<ValueError>(indexing == "xy" || indexing == "ij", "meshgrid: expected indexing 'xy' or 'ij', got '", indexing,
                      "'");
  const int rank = static_cast<int>(xs.size());
  require<ShapeError>(rank <= Shape::kMaxRank, "meshgrid: expected at most ", Shape::kMaxRank, " tensors, got ", rank);
  const auto axis_of = [&](int i) { return indexing == "xy" && rank > 1 && i < 2 ? 1 - i : i; };
  Shape shape(std::vector<std::int64_t>(xs.size(), 1));
  const Shape ones = shape;
  for (int i = 0; i < rank; ++i) shape[axis_of(i)] = xs[static_cast<std::size_t>(i)].shape().elements();
  Tensors grids;
  for (int i = 0; i < rank; ++i)
    grids.push_back(
        broadcast_to(reshape(xs[static_cast<std::size_t>(i)], ones.with(axis_of(i), shape[axis_of(i)])), shape));
  return grids;
}

}  // namespace cornu::ops
