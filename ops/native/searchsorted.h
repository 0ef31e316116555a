#pragma once

#include <string_view>

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

/// For each value its place in an ascending sequence (n,): the number of elements that are less (side "left"), or that
/// are not greater (side "right"; a NaN is greater than all). Int32 of the values' shape; both of one dtype, any. No
/// gradient. Throws ShapeError for a sequence of more axes, ValueError for another side. Keras: `ops.searchsorted`.
Tensor searchsorted(const Tensor& sorted_sequence, const Tensor& values, std::string_view side = "left");
/// The number of the bin that each element lies in, where n ascending bounds make n + 1 bins, each with its lower
/// bound: `searchsorted(bins, x, "right")`. Keras: `ops.digitize`.
Tensor digitize(const Tensor& x, const Tensor& bins);

}  // namespace cornu::ops
