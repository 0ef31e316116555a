#pragma once

#include "cornu/keras/layers/preprocessing/image_arguments.h"
#include "cornu/keras/range.h"

namespace cornu::keras::layers {

struct RandomPerspectiveConfig {
  Range factor = 1.0;                      ///< how probable it is, from 0 to this or between two numbers
  double scale = 1.0;                      ///< how far corners move: 1 is up to half of the height and width
  std::string interpolation = "bilinear";  ///< or "nearest"
  double fill_value = 0;                   ///< beyond the edges
  CORNU_RANDOM_IMAGE_ARGUMENTS(RandomPerspectiveConfig);
  using positional = Positions<&RandomPerspectiveConfig::factor, &RandomPerspectiveConfig::scale>;
};

/// In training, shows some pictures in a random perspective: their corners move, but for the left upper one, as in
/// Keras. Else they stay as they are. Floats come out. Pictures are (batch, height, width, channels), or a single one
/// without the batch. Throws ValueError for a factor or scale beyond [0, 1] and unknown words, ShapeError for another
/// rank. Keras: `layers.RandomPerspective`.
///
/// `RandomPerspective(0.5, 0.3)`.
using RandomPerspective = Layer::Of<RandomPerspectiveConfig>;

}  // namespace cornu::keras::layers
