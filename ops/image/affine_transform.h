#pragma once

#include <string>
#include <string_view>

#include "cornu/graph/tensor.h"

namespace cornu::ops::image {

using graph::Tensor;

struct AffineTransformConfig {
  std::string interpolation = "bilinear";  ///< or "nearest"
  /// What lies around a row `a b c d`: "constant" `k k a b c d k k`, "nearest" `a a a b c d d d`, "reflect"
  /// `b a a b c d d c`, "wrap" `c d a b c d a b`.
  std::string fill_mode = "constant";
  double fill_value = 0;                      ///< of the mode "constant"
  std::string data_format = "channels_last";  ///< or "channels_first": (batch, channels, height, width)

  /// Throws ValueError, whose text begins with `who`, for unknown words.
  void check(std::string_view who) const;
};

/// Pictures, (batch, height, width, channels) or one without a batch, seen through other coordinates: the pixel (x, y)
/// is what was at ((a0 x + a1 y + a2) / k, (b0 x + b1 y + b2) / k) with k = c0 x + c1 y + 1. `transform` has a0, a1,
/// a2, b0, b1, b2, c0, c1, of shape (8,) for all pictures or (batch, 8). Float32 and bfloat16. Differentiable by the
/// pictures, not by the transform. Throws ValueError for unknown words, ShapeError for other shapes, TypeError for
/// other dtypes. Keras: `ops.image.affine_transform`, with TensorFlow's coordinates beyond the edges.
///
///     affine_transform(pictures, Array{1, 0, -20, 0, 1, -16, 0, 0}.astype(float32))  // 20 to the right, 16 down
Tensor affine_transform(const Tensor& images, const Tensor& transform, const AffineTransformConfig& config = {});

}  // namespace cornu::ops::image
