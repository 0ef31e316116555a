#pragma once

#include "cornu/graph/array/array.h"
#include "cornu/io/image/resize.h"

namespace cornu::io::image::internal {

/// The methods that weigh all pixels under a filter as wide as the scale: box, hamming, bicubic, lanczos. First the
/// rows, then the columns, rounded to uint8 after each, with weights of 22 bits: Pillow's numbers.
graph::Array resample(const graph::Array& image, std::int64_t height, std::int64_t width, Interpolation);

}  // namespace cornu::io::image::internal
