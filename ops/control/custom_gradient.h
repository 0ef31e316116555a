#pragma once

#include <functional>

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

/// What a function with a gradient of its own gives: its outputs, and the gradients by its arguments from those by the
/// outputs, zeros for an output that nothing depends on. An undefined gradient says that nothing flows.
struct CustomGradient {
  Tensors outputs;
  std::function<Tensors(const Tensors& upstream)> gradient;
};

/// f of some tensors, differentiated by the function that it gives instead of by its formula.
///
///     // log(1 + exp(x)), whose gradient does not overflow.
///     const auto log1pexp = [](const Tensors& x) -> ops::CustomGradient {
///       const Tensor e = ops::exp(x[0]);
///       return {{ops::log(1 + e)}, [=](const Tensors& dy) -> Tensors { return {dy[0] * (1 - 1 / (1 + e))}; }};
///     };
///     const Tensor y = ops::custom_gradient(log1pexp, {x})[0];
///
/// No gradient flows by what f reads besides its arguments. The gradient is made of ordinary ops and is differentiated
/// as such; it is described at once, with f. Keras: `ops.custom_gradient`. Throws ValueError for an undefined tensor
/// and for another number of gradients, ShapeError for one of another shape or dtype than its argument.
Tensors custom_gradient(const std::function<CustomGradient(const Tensors& xs)>& f, const Tensors& xs);

}  // namespace cornu::ops
