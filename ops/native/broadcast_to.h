#pragma once

#include <concepts>

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

/// x repeated along axes of length 1 (and new leading ones) up to `shape`. Any dtype. Throws ShapeError if it does not
/// fit.
Tensor broadcast_to(const Tensor& x, const graph::Shape& shape);
Tensor zeros_like(const Tensor& x);
Tensor ones_like(const Tensor& x);
/// A tensor full of one value, which takes no memory until it is needed.
///
/// It is a template so that `full({2, 3}, 1)` beside `using namespace cornu` is not ambiguous: a plain function, the
/// host's, goes before. That gives an Array, which becomes a constant where a Tensor is expected.
template <std::same_as<graph::Shape> S = graph::Shape>
Tensor full(const S& shape, double value, graph::DType dtype = graph::float32) {
  return broadcast_to(graph::full({}, value, dtype), shape);
}

}  // namespace cornu::ops
