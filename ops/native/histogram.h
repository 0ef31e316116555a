#pragma once

#include "cornu/graph/array/histogram.h"
#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

/// How the elements of a tensor of any dtype and shape are distributed, as graph::histogram tells it: edges float64
/// (bins + 1,), counts int64 (bins,), and int64 (2,): how many are NaN and how many infinite. Without finite elements,
/// edges and counts are 0. No gradient. NumPy: `histogram`, but for the edges.
///
///     const Tensors h = ops::histogram(gradient);      // {edges, counts, others}
///
/// Throws ValueError unless bins is from 1 to 1024.
Tensors histogram(const Tensor& x, int bins = 30);

/// The same from what a call of such a function has given.
graph::Histogram histogram_of(const graph::Array& edges, const graph::Array& counts, const graph::Array& others);

}  // namespace cornu::ops
