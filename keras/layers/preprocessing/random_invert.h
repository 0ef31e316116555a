#pragma once

#include "cornu/keras/layers/preprocessing/image_arguments.h"
#include "cornu/keras/range.h"

namespace cornu::keras::layers {

struct RandomInvertConfig {
  Range factor = 1.0;                          ///< how probable it is, from 0 to this or between two numbers
  std::vector<double> value_range = {0, 255};  ///< of the pixels: each becomes the upper end minus itself
  CORNU_RANDOM_IMAGE_ARGUMENTS(RandomInvertConfig);
  using positional = Positions<&RandomInvertConfig::factor>;
};

/// In training, makes negatives of some pictures; floats come out. Else they stay as they are. Pictures are (batch,
/// height, width, channels), or a single one without the batch. Throws ValueError for factors beyond [0, 1] and value
/// ranges that are not two numbers, ShapeError for another rank. Keras: `layers.RandomInvert`.
///
/// `RandomInvert()`, `RandomInvert({.factor = {0.2, 0.2}, .value_range = {0, 1}})`.
using RandomInvert = Layer::Of<RandomInvertConfig>;

}  // namespace cornu::keras::layers
