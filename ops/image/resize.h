#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "cornu/graph/tensor.h"

namespace cornu::ops::image {

using graph::Tensor;

struct ResizeConfig {
  std::string interpolation = "bilinear";  ///< or "nearest", "bicubic", "lanczos3", "lanczos5", "area"
  bool antialias = false;                  ///< where pixels become fewer, each is made of all that it stands for
  bool crop_to_aspect_ratio = false;       ///< first the largest middle part of the size's proportions is cut out
  bool pad_to_aspect_ratio = false;        ///< first the shorter side is filled up, evenly at both ends
  std::string fill_mode = "constant";      ///< the only one
  double fill_value = 0;
  std::string data_format = "channels_last";  ///< or "channels_first": (batch, channels, height, width)

  /// Throws ValueError, whose text begins with `who`, for unknown words and for both aspect ratio flags.
  void check(std::string_view who) const;
};

/// Pictures, (batch, height, width, channels) or one without a batch, with another height and width. Whole numbers are
/// computed in float32, rounded, and kept within their dtype; "nearest" moves numbers of any dtype. Pixels are
/// squares: the corners of both pictures lie on each other. Differentiable. Throws ValueError for unknown words, a size
/// below 1, and both aspect ratio flags, ShapeError for another rank and empty pictures. Keras:
/// `ops.image.resize`.
///
///     resize(pictures, {224, 224}, {.interpolation = "bicubic", .antialias = true})
Tensor resize(const Tensor& images, std::array<std::int64_t, 2> size, const ResizeConfig& config = {});

}  // namespace cornu::ops::image
