#pragma once

#include <vector>

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

// The same elements in other places, or several times. Names and arguments as in NumPy and keras.ops; negative axes
// count from the end. Any dtype. Throw ShapeError for axes that there are not.

/// In reverse order along all axes, one, or several.
Tensor flip(const Tensor& x);
Tensor flip(const Tensor& x, int axis);
Tensor flip(const Tensor& x, const std::vector<int>& axes);
/// Each element `shift` places further along an axis; what leaves at its end comes in at its beginning. Without an axis
/// along the flattened tensor; several axes have a shift each.
Tensor roll(const Tensor& x, std::int64_t shift);
Tensor roll(const Tensor& x, std::int64_t shift, int axis);
Tensor roll(const Tensor& x, const std::vector<std::int64_t>& shifts, const std::vector<int>& axes);
/// The whole tensor so many times along each axis; the shorter of shape and list is filled up with ones in front.
/// Throws ShapeError for negative numbers.
Tensor tile(const Tensor& x, const std::vector<std::int64_t>& repeats);
/// Each element so many times, one after the other, along an axis; without one, of the flattened tensor. A list has a
/// number for each place along the axis. Throws ShapeError for negative numbers and a list of another length.
Tensor repeat(const Tensor& x, std::int64_t repeats);
Tensor repeat(const Tensor& x, std::int64_t repeats, int axis);
Tensor repeat(const Tensor& x, const std::vector<std::int64_t>& repeats);
Tensor repeat(const Tensor& x, const std::vector<std::int64_t>& repeats, int axis);
/// Two axes in each other's place.
Tensor swapaxes(const Tensor& x, int axis1, int axis2);

}  // namespace cornu::ops
