#pragma once

#include <vector>

#include "cornu/keras/layers/preprocessing/image_arguments.h"
#include "cornu/ops/per_axis.h"

namespace cornu::keras::layers {

struct RandomPosterizationConfig {
  /// How many of a pixel's 8 bits are kept, see below; required.
  ops::PerAxis factor = {};
  std::vector<double> value_range = {0, 255};  ///< of the pixels
  CORNU_IMAGE_ARGUMENTS_AND_SEED(RandomPosterizationConfig);
  using positional = Positions<&RandomPosterizationConfig::factor>;
};

/// In training, keeps a random number of the upper bits of each picture's pixels, as of numbers from 0 to 255, and sets
/// the others to 0: from 1 to below the factor, or from one number to below another; two equal ones, and 1, are that
/// number. Floats come out in training; else pictures stay as they are. They are (batch, height, width, channels), or a
/// single one without the batch. Throws ValueError for factors beyond 1 to 8 and value ranges that are not two numbers,
/// ShapeError for another rank. Keras: `layers.RandomPosterization`.
///
/// `RandomPosterization(5)`, `RandomPosterization({.factor = {3, 6}, .value_range = {0, 1}})`.
using RandomPosterization = Layer::Of<RandomPosterizationConfig>;

}  // namespace cornu::keras::layers
