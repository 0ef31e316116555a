#pragma once

#include "cornu/graph/array/array.h"

namespace cornu::io::image {

/// How pixels of another grid are made.
enum class Interpolation {
  nearest,               ///< the pixel at floor((i + 0.5) * in / out), as Pillow
  bilinear,              ///< between the four neighbours of the half-pixel centre, without antialiasing, edges
                         ///< repeated: cv2's INTER_LINEAR
  bilinear_antialiased,  ///< Pillow's "bilinear", and so Keras'; the methods below are Pillow's, too: antialiased when
                         ///< they make smaller
  box,
  hamming,
  bicubic,  ///< a = -0.5
  lanczos,  ///< a = 3
};

/// A part of an image: rows [top, top + height), columns [left, left + width).
struct Box {
  std::int64_t top, left, height, width;
};

/// Resizes (height, width, channels) to another height and width. The dtype is uint8, or int32 for grey of 16 bits as
/// `read` gives it; the results are rounded to whole numbers. Methods from `bilinear_antialiased` on take the fourth
/// of four channels for alpha and weigh the colours by it, as Pillow does.
///
///     Array small = io::image::resize(photo, 28, 28, io::image::Interpolation::bilinear);
///
/// With a box, only that part of the image is shown in the result; the antialiased methods look at the pixels beside
/// it, as Pillow's do, the other two do not. A box of no length stands for one place, as in Pillow
/// (`bilinear` refuses it). Throws TypeError, ShapeError; ValueError if a length is not positive, the
/// result has more than `kMaxPixels`, or the box is not inside of the image.
graph::Array resize(const graph::Array& image, std::int64_t height, std::int64_t width, Interpolation);
graph::Array resize(const graph::Array& image, const Box& box, std::int64_t height, std::int64_t width, Interpolation);

/// The box out of (height, width, channels); a copy. Throws ValueError out of bounds.
graph::Array crop(const graph::Array& image, const Box& box);

}  // namespace cornu::io::image
