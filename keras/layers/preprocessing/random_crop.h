#pragma once

#include "cornu/keras/layers/preprocessing/image_arguments.h"

namespace cornu::keras::layers {

struct RandomCropConfig {
  int height = 0, width = 0;  ///< of the output; required
  CORNU_RANDOM_IMAGE_ARGUMENTS(RandomCropConfig);
  using positional = Positions<&RandomCropConfig::height, &RandomCropConfig::width>;
};

/// In training, cuts a random part of that size out of pictures, the same out of all of a batch; ones that are not
/// larger in both directions are cut to these proportions and resized. Otherwise pictures stay as they are: what is
/// behind this layer in a model is built for the cut pictures, and predicts on pictures of that size. Floats come out.
/// Pictures are (batch, height, width, channels), or a single one without the batch. Throws ValueError for sizes that
/// are not positive and an unknown data_format, ShapeError for another rank. Keras: `layers.RandomCrop`.
///
/// `RandomCrop(24, 24)`, `RandomCrop(24, 24, {.seed = 1})`.
using RandomCrop = Layer::Of<RandomCropConfig>;

}  // namespace cornu::keras::layers
