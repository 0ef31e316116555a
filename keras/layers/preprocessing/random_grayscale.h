#pragma once

#include "cornu/keras/layers/preprocessing/image_arguments.h"

namespace cornu::keras::layers {

struct RandomGrayscaleConfig {
  double factor = 0.5;  ///< how probable it is
  CORNU_IMAGE_ARGUMENTS_AND_SEED(RandomGrayscaleConfig);
  using positional = Positions<&RandomGrayscaleConfig::factor>;
};

/// In training, makes some pictures grey, which keep their three channels; else they stay as they are. Any dtype comes
/// out as it is. Pictures are (batch, height, width, channels), or a single one without the batch. Throws ValueError
/// for a factor beyond [0, 1], ShapeError for another rank or a number of channels that is neither 1 nor 3. Keras:
/// `layers.RandomGrayscale`.
///
/// `RandomGrayscale(0.2)`.
using RandomGrayscale = Layer::Of<RandomGrayscaleConfig>;

}  // namespace cornu::keras::layers
