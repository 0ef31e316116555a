#pragma once

#include <string_view>

#include "cornu/graph/array/array.h"

namespace cornu::io::tensorboard::internal {

/// (height, width), (height, width, channels) or (images, height, width, channels) as the last of these. `who` begins
/// the message. Throws TypeError unless the dtype is uint8 or floating, ShapeError unless there is a pixel and 1, 3 or
/// 4 channels.
graph::Array image_batch(std::string_view who, const graph::Array& images);

/// One image, or several, as uint8: floating values times 255.5, truncated and clipped as TensorFlow's
/// convert_image_dtype; with `rescale`, the least finite value as 0 and the greatest one as 255. NaN as 0.
graph::Array pixels(const graph::Array& image, bool rescale);

}  // namespace cornu::io::tensorboard::internal
