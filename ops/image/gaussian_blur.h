#pragma once

#include <array>
#include <string>

#include "cornu/graph/tensor.h"

namespace cornu::ops::image {

using graph::Tensor;

/// Pictures, (batch, height, width, channels), of "channels_first" (batch, channels, height, width), or a single one
/// without the batch, of which each pixel becomes a mean of those around it, with the weights exp(-d^2 / 2 sigma^2);
/// beyond the edges lies 0. `kernel_size` says how many count down and across, `sigma` (2,) how wide the bell is across
/// and down, in pixels. Float32 and bfloat16. Throws ValueError for a size below 1 and another data_format, ShapeError
/// for other shapes. Keras: `ops.image.gaussian_blur`, which shuffles its weights where the two sizes differ.
///
///     const Tensor soft = gaussian_blur(images, {5, 5}, Array{1.5f, 1.5f});
Tensor gaussian_blur(const Tensor& images, std::array<int, 2> kernel_size, const Tensor& sigma,
                     const std::string& data_format = "channels_last");

}  // namespace cornu::ops::image
