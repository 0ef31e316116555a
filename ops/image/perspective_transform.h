#pragma once

#include <string>

#include "cornu/graph/tensor.h"

namespace cornu::ops::image {

using graph::Tensor;

struct PerspectiveTransformConfig {
  std::string interpolation = "bilinear";     ///< or "nearest"
  double fill_value = 0;                      ///< of what lies beyond the picture
  std::string data_format = "channels_last";  ///< or "channels_first": (batch, channels, height, width)
};

/// Pictures, (batch, height, width, channels) or one without a batch, seen in a perspective in which four points
/// `start_points` come to lie at `end_points`: float32, (4, 2) for all pictures or (batch, 4, 2), each x and y in
/// pixels, in the order left top, right top, left bottom, right bottom. Float32 and bfloat16. Differentiable by the
/// pictures, not by the points. Of four points on a line there is no perspective: all is fill_value. Throws ShapeError
/// for other shapes, else as `affine_transform`. Keras: `ops.image.perspective_transform`.
Tensor perspective_transform(const Tensor& images, const Tensor& start_points, const Tensor& end_points,
                             const PerspectiveTransformConfig& config = {});

}  // namespace cornu::ops::image
