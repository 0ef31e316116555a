#pragma once

#include <string_view>

#include "cornu/graph/array/shape.h"

namespace cornu::ops::internal {

/// The axis counted from the front; throws a ShapeError that begins with the op's name.
inline int normalize(std::string_view op, int axis, const graph::Shape& shape) {
  graph::require<graph::ShapeError>(axis >= -shape.rank() && axis < shape.rank(), op, ": axis ", axis,
                                    " is out of bounds for shape ", shape);
  return axis < 0 ? axis + shape.rank() : axis;
}

/// A contiguous array seen as (outer, length, inner), with `length` elements along one axis.
struct Fold {
  std::int64_t outer = 1, length = 1, inner = 1;
  Fold(const graph::Shape& shape, int axis) : length(shape[axis]) {
    for (int i = 0; i < axis; ++i) outer *= shape[i];
    for (int i = axis + 1; i < shape.rank(); ++i) inner *= shape[i];
  }
  std::int64_t elements() const { return outer * length * inner; }
};

}  // namespace cornu::ops::internal
