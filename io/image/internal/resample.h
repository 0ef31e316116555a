#pragma once

#include "cornu/graph/array/array.h"
#include "cornu/io/image/resize.h"

namespace cornu::io::image::internal {

/// The methods that weigh all pixels under a filter as wide as the scale: bilinear with antialiasing, box, hamming,
/// bicubic, lanczos. It takes the rows and columns of `box` one after the other and rounds after each. Pixels beside
/// the box count where the filter reaches over its edge. The numbers are Pillow's: of uint8 with weights of 22 bits, of
/// int32 (grey of 16 bits) with weights of float64.
graph::Array resample(const graph::Array& image, const Box& box, std::int64_t height, std::int64_t width,
                      Interpolation);

}  // namespace cornu::io::image::internal
