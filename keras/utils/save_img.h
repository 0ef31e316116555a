#pragma once

#include "cornu/graph/array/array.h"
#include "cornu/io/path.h"

namespace cornu::keras::utils {

/// An image's pixels as numbers for a network: `image.astype(dtype)`, values 0 to 255; (height, width) becomes (height,
/// width, 1). Throws ShapeError unless there are 2 or 3 axes.
Array img_to_array(const Array& image, DType dtype = graph::float32);

/// Any array of shape (height, width, channels) as an image: uint8. With `scale` (Keras' default) the smallest value
/// becomes 0 and the largest 255; without it values are truncated and must lie in 0 to 255. Throws ShapeError,
/// ValueError.
Array array_to_img(const Array& x, bool scale = true);

/// The arguments of Keras' save_img.
struct SaveImgConfig {
  bool scale = true;  ///< as `array_to_img`
};

/// Writes `array_to_img(x, scale)` as a PNG file: 1 channel grey, 3 red, green, blue, 4 with alpha. Throws ShapeError,
/// ValueError, IoError; ValueError if the name ends in anything but `.png`.
void save_img(const io::Path& path, const Array& x, const SaveImgConfig& config = {});

}  // namespace cornu::keras::utils
