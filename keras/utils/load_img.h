#pragma once

#include <filesystem>
#include <string>

#include "cornu/graph/array/array.h"

namespace cornu::keras::utils {

/// The arguments of Keras' load_img, in its order.
struct LoadImgConfig {
  std::string color_mode = "rgb";         ///< "grayscale", "rgb" or "rgba": 1, 3 or 4 channels
  Shape target_size = Shape::unset();     ///< {height, width}; unset: as in the file
  std::string interpolation = "nearest";  ///< "nearest", "bilinear", "bicubic", "hamming", "box", "lanczos"
  bool keep_aspect_ratio = false;         ///< cut the middle to the target's aspect ratio before resizing
};

/// Reads a PNG or JPEG file as uint8 of shape (height, width, channels): the array that Keras' img_to_array makes of
/// the image, but not yet converted to floating numbers.
///
///     Array x = utils::load_img("7.png", {.color_mode = "grayscale", .target_size = {28, 28}, .interpolation =
///     "bilinear"});
///
/// The image is resized before it turns grey, by 0.299 red + 0.587 green + 0.114 blue. "bilinear" samples between
/// half-pixel centres without antialiasing: the numbers of `cv2.resize` and `cv2.cvtColor`. The other methods give
/// Pillow's (alpha is resized like a colour).
///
/// Throws IoError and FormatError as `io::image::read`; ValueError for an unknown color_mode or interpolation (with the
/// known ones) or a target_size that is not two positive lengths.
Array load_img(const std::filesystem::path& path, const LoadImgConfig& config = {});

}  // namespace cornu::keras::utils
