#pragma once

#include "cornu/graph/array/array_type.h"

namespace cornu::graph {

/// Ascending along an axis, NaN last. Throws ShapeError for a scalar.
Array sort(const Array&, int axis = -1);
/// int64: the indices that sort along an axis; equal elements stay in their order.
Array argsort(const Array&, int axis = -1);
/// The different elements of all, ascending, in one dimension; all NaN count as one, which is last.
Array unique(const Array&);

}  // namespace cornu::graph

namespace cornu {
using graph::argsort;
using graph::sort;
using graph::unique;
}  // namespace cornu
