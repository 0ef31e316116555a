#pragma once

#include <string>

#include "cornu/graph/tensor.h"

namespace cornu::keras::layers::internal {

using graph::Shape;
using graph::Tensor;

/// Throws ValueError unless the argument of that name is from 0 to 1, naming the layer (`Layer::who`).
void require_share(const std::string& who, const char* argument, double value);

/// Throws ValueError for lengths below 1 in a mask's shape; kUnknown stands for the input's length.
void require_noise_shape(const std::string& who, const Shape& noise_shape);

/// The shape of the mask for an input: the input's own if noise_shape is not set. Throws ShapeError for another number
/// of axes.
Shape mask_shape(const std::string& who, const Shape& noise_shape, const Shape& input);

/// Bools, of which a share of `1 - rate` is true, by a layer's random state.
Tensor kept(const Tensor& state, const Shape& shape, double rate);

}  // namespace cornu::keras::layers::internal
