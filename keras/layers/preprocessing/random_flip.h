#pragma once

#include "cornu/keras/layers/preprocessing/image_arguments.h"

namespace cornu::keras::layers {

struct RandomFlipConfig {
  std::string mode = "horizontal_and_vertical";  ///< or "horizontal": left to right, or "vertical": upside down
  CORNU_RANDOM_IMAGE_ARGUMENTS(RandomFlipConfig);
  using positional = Positions<&RandomFlipConfig::mode>;
};

/// In training, turns every other picture over, by chance; in both directions at once where the mode has both. Floats
/// come out. Pictures are (batch, height, width, channels), or a single one without the batch. Throws ValueError for
/// unknown words, ShapeError for another rank. Keras: `layers.RandomFlip`.
///
/// `RandomFlip("horizontal")`, `RandomFlip({.seed = 1})`.
using RandomFlip = Layer::Of<RandomFlipConfig>;

}  // namespace cornu::keras::layers
