#include "cornu/keras/utils/normalize.h"

#include <cmath>

#include "cornu/graph/check.h"

namespace cornu::keras::utils {

graph::Array normalize(const graph::Array& x, int axis, double order) {
  graph::require<graph::ValueError>(order > 0, "normalize: expected a positive order, got ", order);
  const int at = x.shape().normalize(axis);
  const graph::Array size = graph::abs(x.astype(graph::float64));
  graph::Array norm = std::isinf(order)
                          ? graph::max(size, at, graph::keepdims)
                          : graph::power(graph::sum(graph::power(size, order), at, graph::keepdims), 1 / order);
  norm[norm == 0] = 1;
  const graph::Array quotient = x.astype(graph::float64) / norm;
  return x.dtype() == graph::float32 ? quotient.astype(graph::float32) : quotient;
}

}  // namespace cornu::keras::utils
