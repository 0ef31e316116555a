#pragma once

#include "cornu/graph/array/array.h"
#include "cornu/io/image/image.h"
#include "cornu/io/image/internal/codecs.h"

namespace cornu::io::image::internal {

/// The image with the channels that are asked for, by Pillow's rules.
graph::Array convert(const Decoded& image, Channels channels);

}  // namespace cornu::io::image::internal
