#pragma once

#include <cstdint>
#include <string_view>

#include "cornu/graph/array/array.h"

namespace cornu::io::image {

/// How `sample` makes pixels of another grid.
enum class Sampling { nearest, bilinear, bicubic, area, lanczos3, lanczos5, gaussian, mitchellcubic };

/// The method of a name, as above. Throws ValueError with the known ones.
Sampling sampling_of(std::string_view name);

/// (height, width, channels) of uint8, int32 or float32 at another height and width, as float32 numbers that are not
/// rounded. The numbers are those of `tf.image.resize(image, size, method)` without antialiasing, which Keras' data
/// sets from folders are made with: a pixel lies at (i + 0.5) * in / out - 0.5, and the neighbours within the method's
/// reach are weighed; beyond the edges there are none. "area" is the mean of what a pixel covers.
///
///     Array x = io::image::sample(photo, 64, 64, io::image::Sampling::bilinear);
///
/// Throws ShapeError unless there are three axes, TypeError for another dtype, ValueError for lengths that are not
/// positive.
graph::Array sample(const graph::Array& image, std::int64_t height, std::int64_t width, Sampling method);

}  // namespace cornu::io::image
