#pragma once

#include <functional>
#include <vector>

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

/// What one of several functions gives for some tensors: the one whose number is in `index`, an int32 or int64 tensor
/// of one element, when the computation runs. A number below 0 means the first function, one beyond the last means the
/// last. Only that function is computed; all give equally many tensors of the same dtypes and shapes.
///
///     Tensor y = ops::switch_case(kind, {[](const Tensors& x) -> Tensors { return {ops::relu(x[0])}; },
///                                        [](const Tensors& x) -> Tensors { return {ops::tanh(x[0])}; }}, {x})[0];
///
/// The functions may read tensors and variables from outside; the gradient computes the chosen one again. Keras:
/// `ops.switch`, a word that C++ keeps for itself. Throws TypeError or ShapeError for another `index` and for results
/// that differ, ValueError for no functions and an undefined tensor.
Tensors switch_case(const Tensor& index, const std::vector<std::function<Tensors(const Tensors& operands)>>& branches,
                    const Tensors& operands = {});

}  // namespace cornu::ops
