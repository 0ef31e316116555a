#pragma once

#include "cornu/keras/layers/preprocessing/image_arguments.h"

namespace cornu::keras::layers {

struct CenterCropConfig {
  int height = 0, width = 0;  ///< of the output; required
  CORNU_IMAGE_ARGUMENTS(CenterCropConfig);
  using positional = Positions<&CenterCropConfig::height, &CenterCropConfig::width>;
};

/// The middle of pictures, (batch, any height, any width, channels) or a single one without the batch, in floats. One
/// that is smaller in some direction is cut to these proportions and resized. Throws ValueError for sizes that are not
/// positive and an unknown data_format, ShapeError for another rank. Keras: `layers.CenterCrop`.
///
/// `CenterCrop(224, 224)`.
using CenterCrop = Layer::Of<CenterCropConfig>;

}  // namespace cornu::keras::layers
