#include "cornu/keras/layers/regularization/internal/noise.h"

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/random.h"

namespace cornu::keras::layers::internal {

using graph::kUnknown;
using graph::require;
using graph::ShapeError;
using graph::ValueError;

void require_share(const std::string& who, const char* argument, double value) {
  require<ValueError>(value >= 0 && value <= 1, who, "expected a ", argument, " from 0 to 1, got ", value);
}

void require_noise_shape(const std::string& who, const Shape& noise_shape) {
  for (const std::int64_t length : noise_shape)
    require<ValueError>(length == kUnknown || length >= 1, who, "expected lengths of at least 1 in noise_shape, got ",
                        noise_shape);
}

Shape mask_shape(const std::string& who, const Shape& noise_shape, const Shape& input) {
  if (!noise_shape.is_set()) return input;
  require<ShapeError>(noise_shape.rank() == input.rank(), who, "noise_shape ", noise_shape,
                      " needs as many axes as the input of shape ", input);
  Shape shape = input;
  for (int axis = 0; axis < shape.rank(); ++axis)
    if (noise_shape[axis] != kUnknown) shape[axis] = noise_shape[axis];
  return shape;
}

Tensor kept(const Tensor& state, const Shape& shape, double rate) {
  return ops::greater_equal(ops::random_uniform(state, shape), graph::constant(rate, graph::float32));
}

}  // namespace cornu::keras::layers::internal
