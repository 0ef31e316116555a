#pragma once

#include "cornu/graph/array/array.h"

namespace cornu::io::image {

/// How pixels of another grid are made. The names are Pillow's, as Keras takes them.
enum class Interpolation {
  nearest,   ///< the pixel at floor((i + 0.5) * in / out), as Pillow
  bilinear,  ///< between the four neighbours of the half-pixel centre, without antialiasing, edges repeated: cv2's
             ///< INTER_LINEAR
  box,       ///< box, hamming, bicubic (a = -0.5) and lanczos (a = 3) are Pillow's: antialiased when they make smaller
  hamming,
  bicubic,
  lanczos,
};

/// Resizes uint8 (height, width, channels) to another height and width; the results are rounded to uint8. Throws
/// TypeError, ShapeError; ValueError if a length is not positive or the result has more than `kMaxPixels`.
///
///     Array small = io::image::resize(photo, 28, 28, io::image::Interpolation::bilinear);
graph::Array resize(const graph::Array& image, std::int64_t height, std::int64_t width, Interpolation);

/// Rows [top, top + height) and columns [left, left + width) of (height, width, channels); a copy. Throws ValueError
/// out of bounds.
graph::Array crop(const graph::Array& image, std::int64_t top, std::int64_t left, std::int64_t height,
                  std::int64_t width);

}  // namespace cornu::io::image
