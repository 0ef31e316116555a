#pragma once

#include "cornu/graph/array/array.h"

namespace cornu::keras::utils {

/// x divided by its norms along an axis: sum(|x|^order)^(1/order), for infinity the largest |x|; what is zero stays.
/// float32 stays float32, other dtypes become float64. Throws ShapeError for an axis that is not there, ValueError for
/// an order that is not positive. Keras: `utils.normalize`.
///
///     utils::normalize(Array{{3.f, 4.f}});  // [[0.6 0.8]]
graph::Array normalize(const graph::Array& x, int axis = -1, double order = 2);

}  // namespace cornu::keras::utils
