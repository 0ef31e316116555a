#include "cornu/keras/layers/internal/probe.h"

namespace cornu::keras::layers::internal {

using graph::kUnknown;
using graph::Shape;

thread_local const Probe* Probe::active = nullptr;

// No layer strides over the batch, which is small so that little is described per sample.
std::int64_t Probe::length(int axis) const {
  if (axis == 0) return round_ == 0 ? 24 : 36;
  return 2520 * (axis + (round_ == 0 ? 1 : 1 + Shape::kMaxRank));
}

Shape Probe::known(const Shape& shape) const {
  Shape lengths = shape;
  for (int axis = 0; axis < shape.rank(); ++axis)
    if (shape[axis] == kUnknown) lengths[axis] = length(axis);
  return lengths;
}

Shape Probe::unknown_again(const Shape& shape) {
  if (active == nullptr) return shape;
  Shape lengths = shape;
  for (int axis = 0; axis < shape.rank(); ++axis)
    for (int from = 1; from < Shape::kMaxRank; ++from)
      if (shape[axis] == active->length(from)) lengths[axis] = kUnknown;
  return lengths;
}

}  // namespace cornu::keras::layers::internal
