#pragma once

#include <cstdint>
#include <functional>

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

/// A loop over the numbers from `lower` to `upper` - 1: `body_fun` gives the next values from the number, an int64
/// tensor without axes, and those before. Gives the last ones; `init_val` if `upper` <= `lower`.
///
///     // x to the power of 10.
///     const Tensor y = ops::fori_loop(0, 10, [&](const Tensor&, const Tensors& v) -> Tensors { return {v[0] * x}; },
///                                     {ops::ones_like(x)})[0];
///
/// It is a `scan` (ops/control/scan.h) without sequences. Keras: `ops.fori_loop`. Throws as that does.
Tensors fori_loop(std::int64_t lower, std::int64_t upper,
                  const std::function<Tensors(const Tensor& i, const Tensors& state)>& body_fun,
                  const Tensors& init_val);

}  // namespace cornu::ops
