#pragma once

#include <functional>

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

struct AssociativeScanConfig {
  bool reverse = false;  ///< from the last element to the first
  int axis = 0;
};

/// Running results of an associative operation along an axis: element i is f(…f(f(x_0, x_1), x_2)…, x_i), of all of
/// `elems` together. It takes about 2 log2(n) calls of f on many elements at once rather than n on one, where `scan`
/// would go one by one; f computes element by element along that axis, of any length.
///
///     const Tensor sums = ops::associative_scan(
///         [](const Tensors& a, const Tensors& b) -> Tensors { return {a[0] + b[0]}; }, {x})[0];
///
/// Keras: `ops.associative_scan`. Throws ShapeError for elements of different lengths along the axis or an axis that
/// there is not, and if f gives another shape or dtype than it got; ValueError for no elements.
Tensors associative_scan(const std::function<Tensors(const Tensors& a, const Tensors& b)>& f, const Tensors& elems,
                         const AssociativeScanConfig& config = {});

}  // namespace cornu::ops
