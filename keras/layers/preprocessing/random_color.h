#pragma once

#include "cornu/keras/layers/preprocessing/image_arguments.h"
#include "cornu/keras/literal.h"
#include "cornu/keras/range.h"

namespace cornu::keras::layers {

/// Arguments of the layers that change colors; kName is "RandomContrast" or "RandomBrightness".
template <Literal kName>
struct RandomColorConfig {
  Range factor = {};                           ///< how much, see the layers; required
  std::vector<double> value_range = {0, 255};  ///< of the pixels, within which they stay
  CORNU_RANDOM_IMAGE_ARGUMENTS(RandomColorConfig);
  using positional = Positions<&RandomColorConfig::factor>;
};

/// In training, multiplies the distance of each picture's pixels from the mean of their channel by a random number from
/// 1 - lower to 1 + upper, with factor {lower, upper}; a single number is upper, and lower 0. Else it stays as it is.
/// Pictures are (batch, height, width, channels), or a single one without the batch. Throws ValueError for factors
/// beyond [0, 1] and value ranges that are not two numbers, ShapeError for another rank. Keras:
/// `layers.RandomContrast`.
///
/// `RandomContrast(0.2)`, `RandomContrast({.factor = {0.1, 0.2}, .value_range = {0, 1}})`.
using RandomContrast = Layer::Of<RandomColorConfig<"RandomContrast">>;
/// The same, adding to all pixels of a picture a random share of the value range: from -factor to factor, or between
/// two numbers. Throws ValueError for factors beyond [-1, 1]. Keras: `layers.RandomBrightness`.
///
/// `RandomBrightness(0.2)`, `RandomBrightness({.factor = {-0.1, 0.2}, .value_range = {0, 1}})`.
using RandomBrightness = Layer::Of<RandomColorConfig<"RandomBrightness">>;

}  // namespace cornu::keras::layers
