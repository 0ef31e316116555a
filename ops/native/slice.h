#pragma once

#include <initializer_list>
#include <vector>

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

/// [start, stop) of one axis. Any dtype; its gradient is `pad`. Throws ShapeError out of bounds.
Tensor slice(const Tensor& x, int axis, std::int64_t start, std::int64_t stop);
/// The part of a shape that begins at an index of each axis; -1 stands for what follows there. Any dtype. Throws
/// ShapeError out of bounds. Keras: `ops.slice`, which also takes starts that are computed.
Tensor slice(const Tensor& x, const std::vector<std::int64_t>& start_indices, const graph::Shape& shape);

/// NumPy's argument of that name: the number of equal parts, `split(x, 3)`, or the places at which parts begin,
/// `split(x, {2, 5})`: [0, 2), [2, 5) and what follows.
struct IndicesOrSections {
  IndicesOrSections(std::int64_t equal_parts) : sections(equal_parts) {}               // NOLINT: a number
  IndicesOrSections(std::initializer_list<std::int64_t> places) : indices(places) {}   // NOLINT: a list
  IndicesOrSections(std::vector<std::int64_t> places) : indices(std::move(places)) {}  // NOLINT: a list
  std::int64_t sections = -1;                                                          ///< -1: there are indices
  std::vector<std::int64_t> indices = {};
};
/// Parts along one axis. Negative indices count from the end. Throws ShapeError for an axis that cannot be divided
/// equally, and for indices that are out of bounds or descend. Keras: `ops.split`.
Tensors split(const Tensor& x, const IndicesOrSections& indices_or_sections, int axis = 0);
/// Zeros put before and after along one axis.
Tensor pad(const Tensor& x, int axis, std::int64_t before, std::int64_t after);
/// Tensors one after another along an axis. Throws ShapeError if the other axes differ. Keras: `ops.concatenate`.
Tensor concatenate(const Tensors& xs, int axis = -1);

}  // namespace cornu::ops
