#pragma once

#include <functional>

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

/// What `true_fn` gives if `pred`, a bool tensor of one element, is true when the computation runs, else what
/// `false_fn` gives; only that one is computed. Both give equally many tensors of the same dtypes and shapes.
///
///     Tensor y = ops::cond(ops::greater(loss, limit), [&] { return Tensors{clipped(g)}; }, [&] { return Tensors{g};
///     })[0];
///
/// The functions may read tensors and variables from outside, by which the result is differentiated; the gradient
/// computes the chosen function again. Keras: `ops.cond`. Throws TypeError or ShapeError for another `pred` and for
/// results that differ, ValueError for an undefined tensor.
Tensors cond(const Tensor& pred, const std::function<Tensors()>& true_fn, const std::function<Tensors()>& false_fn);

}  // namespace cornu::ops
