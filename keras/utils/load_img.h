#pragma once

#include <string>

#include "cornu/graph/array/array.h"
#include "cornu/io/path.h"

namespace cornu::keras::utils {

/// The arguments of Keras' load_img, in its order.
struct LoadImgConfig {
  std::string color_mode = "rgb";         ///< "grayscale", "rgb" or "rgba": 1, 3 or 4 channels
  Shape target_size = Shape::unset();     ///< {height, width}; unset: as in the file
  std::string interpolation = "nearest";  ///< "nearest", "bilinear", "bicubic", "hamming", "box", "lanczos"
  bool keep_aspect_ratio = false;         ///< show only the middle, cut to the target's aspect ratio
  bool antialias = false;                 ///< of "bilinear" only: as Keras does it; without, as cv2 does
};

/// Reads a PNG or JPEG file as (height, width, channels): the array that Keras' img_to_array makes of the image, but
/// not yet converted to floating numbers. The dtype is uint8; a grey PNG file of 16 bits read as "grayscale" is int32,
/// 0 to 65535.
///
///     Array x = utils::load_img("7.png", {.color_mode = "grayscale", .target_size = {28, 28}, .interpolation =
///     "bilinear"});
///
/// The numbers are Keras', and so Pillow's, of every kind of file, color_mode and interpolation but one: "bilinear"
/// samples between half-pixel centres without antialiasing and turns grey afterwards, by 0.299 red + 0.587 green +
/// 0.114 blue; these are the numbers of `cv2.resize` and `cv2.cvtColor`. `antialias` makes it Keras' (grey of 16 bits
/// is always resized so).
///
/// Throws IoError and FormatError as `io::image::read`; ValueError for an unknown color_mode or interpolation (with the
/// known ones) or a target_size that is not two positive lengths.
Array load_img(const io::Path& path, const LoadImgConfig& config = {});

}  // namespace cornu::keras::utils
