#pragma once

#include "cornu/graph/array/array.h"

namespace cornu::io::tensorboard {

struct ImageGridConfig {
  std::int64_t columns = 0;  ///< images in a row; 0: about as many as there are rows
  bool rescale = false;      ///< each image by itself, its least value to 0 and its greatest to 1
};

/// Many small images as one, with a dark line between them: (images, height, width) or (images, height, width,
/// channels) of a floating dtype -> (height, width, channels), float32. Lines, and places at the end that stay empty,
/// have the least value of all. Throws ShapeError for another rank or no elements, TypeError for another dtype.
///
///     w.image("feature maps", image_grid(maps, {.rescale = true}), epoch);
graph::Array image_grid(const graph::Array& images, const ImageGridConfig& config = {});

}  // namespace cornu::io::tensorboard
