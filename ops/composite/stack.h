#pragma once

#include <optional>
#include <string_view>

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

// Names and arguments as in NumPy and keras.ops. Any dtype.

/// Tensors of one shape along a new axis. Throws ShapeError for different shapes, TypeError for different dtypes,
/// ValueError for none.
Tensor stack(const Tensors& xs, int axis = 0);
/// The other way round: a tensor for each place along an axis. Throws ShapeError unless there are `num`, if it is
/// given.
Tensors unstack(const Tensor& x, std::optional<std::int64_t> num = std::nullopt, int axis = 0);
/// For vectors of lengths n0, n1, n2, … (a tensor of another rank is seen as one) tensors of shape (n0, n1, n2, …), the
/// i-th of which varies along axis i as the i-th vector does. `indexing` "xy" swaps the first two axes, "ij" does not.
/// Throws ValueError for another word.
Tensors meshgrid(const Tensors& xs, std::string_view indexing = "xy");

}  // namespace cornu::ops
