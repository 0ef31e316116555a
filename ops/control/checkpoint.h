#pragma once

#include <functional>

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

/// f of some tensors, of which a gradient keeps only those tensors: what it needs besides is computed again when its
/// turn comes. That costs the time of another f and saves the memory of what is between `xs` and the results.
///
///     const Tensor y = ops::checkpoint([&](const Tensors& x) -> Tensors { return {block(x[0])}; }, {x})[0];
///
/// f may read tensors and variables from outside, which have gradients, too. Keras: `keras.remat`. Throws ValueError
/// for an undefined tensor.
Tensors checkpoint(const std::function<Tensors(const Tensors& xs)>& f, const Tensors& xs);

}  // namespace cornu::ops
