#pragma once

#include "cornu/keras/layers/preprocessing/image_arguments.h"

namespace cornu::keras::layers {

struct ResizingConfig {
  int height = 0, width = 0;               ///< of the output; required
  std::string interpolation = "bilinear";  ///< or "nearest", "bicubic", "lanczos3", "lanczos5", "area"
  bool crop_to_aspect_ratio = false;       ///< first the largest middle part of these proportions is cut out
  bool pad_to_aspect_ratio = false;        ///< first the shorter side is filled up, evenly at both ends
  std::string fill_mode = "constant";      ///< how; the only word
  double fill_value = 0;
  bool antialias = false;  ///< where pixels become fewer, each is made of all that it stands for
  CORNU_IMAGE_ARGUMENTS(ResizingConfig);
  using positional = Positions<&ResizingConfig::height, &ResizingConfig::width>;
};

/// Pictures, (batch, any height, any width, channels) or a single one without the batch, with another height and width.
/// Of whole numbers whole numbers, rounded. Throws ValueError for sizes that are not positive, unknown words and both
/// aspect ratio flags, ShapeError for another rank. Keras: `layers.Resizing`.
///
/// `Resizing(224, 224)`, `Resizing(224, 224, {.crop_to_aspect_ratio = true})`.
using Resizing = Layer::Of<ResizingConfig>;

}  // namespace cornu::keras::layers
