#pragma once

#include <string>

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

struct ResampleConfig {
  /// "nearest", "bilinear" (of one axis: linear), "bicubic", "lanczos3", "lanczos5", or "area", the mean of what a
  /// point covers.
  std::string interpolation = "bilinear";
  bool antialias = false;  ///< where points become fewer, each is made of all that it stands for
};

/// x with `length` points along an axis instead of those that it has, as one axis of `keras.ops.image.resize`. Float32
/// and bfloat16; "nearest" any dtype. Differentiable by x. Throws ValueError for an unknown interpolation or a length
/// below 1, ShapeError for an empty axis, TypeError for other dtypes.
///
///     resample(x, 1, 2 * x.shape()[1], {.interpolation = "nearest"})  // each step twice
Tensor resample(const Tensor& x, int axis, std::int64_t length, const ResampleConfig& config = {});

}  // namespace cornu::ops
