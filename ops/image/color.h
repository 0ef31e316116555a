#pragma once

#include <string>

#include "cornu/graph/tensor.h"

namespace cornu::ops::image {

using graph::Tensor;

// Colors of pictures, (batch, height, width, channels), of "channels_first" (batch, channels, height, width), or of a
// single one without the batch. Float32 and bfloat16. Throw ShapeError for another rank or number of channels,
// ValueError for another data_format, TypeError for other dtypes. Names and numbers as in keras.ops.image.

/// One channel, 0.2989 red + 0.5870 green + 0.1140 blue; of one channel the picture itself. Also of uint8 and other
/// integers, which are rounded towards 0.
Tensor rgb_to_grayscale(const Tensor& images, const std::string& data_format = "channels_last");
/// Hue (from 0 to 1, red at both ends), saturation (from 0 to 1) and value (the largest of the three) of red, green and
/// blue.
///
///     const Tensor turned = hsv_to_rgb(rgb_to_hsv(images) + Array{0.1f, 0.f, 0.f});
Tensor rgb_to_hsv(const Tensor& images, const std::string& data_format = "channels_last");
/// The way back.
Tensor hsv_to_rgb(const Tensor& images, const std::string& data_format = "channels_last");

}  // namespace cornu::ops::image
