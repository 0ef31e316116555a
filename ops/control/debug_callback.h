#pragma once

#include <functional>

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;

/// x, of which `f` gets the numbers whenever they are computed: to print what goes on in a compiled step, or to look
/// for the first NaN.
///
///     Tensor h = ops::debug_callback([](const Array& a) { std::cout << a.shape() << '\n'; }, ops::relu(x));
///
/// Of any shape and dtype. Calls come in the order in which they were described, one at a time, from any thread; none
/// if nobody reads the result. The gradient passes it by. What f throws ends the run and reaches the caller. JAX:
/// `jax.debug.callback`; Theano's Print.
Tensor debug_callback(std::function<void(const graph::Array& value)> f, const Tensor& x);

}  // namespace cornu::ops
