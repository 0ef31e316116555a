#pragma once

#include "cornu/keras/layers/preprocessing/image_arguments.h"
#include "cornu/keras/range.h"

namespace cornu::keras::layers {

struct RandomErasingConfig {
  Range factor = 1.0;          ///< how probable it is, from 0 to this or between two numbers
  Range scale = {0.02, 0.33};  ///< the square of the part of each side that goes
  Range fill_value = {};  ///< a number, or one for each of three channels; none: normal noise times the range's end
  std::vector<double> value_range = {0, 255};  ///< within which what is filled in stays
  CORNU_RANDOM_IMAGE_ARGUMENTS(RandomErasingConfig);
  using positional = Positions<&RandomErasingConfig::factor, &RandomErasingConfig::scale>;
};

/// In training, fills a random rectangle of a picture, or leaves it as it is (Zhong et al., 2017, "Random Erasing Data
/// Augmentation"). Floats come out. Pictures are (batch, height, width, channels), or a single one without the batch.
/// Throws ValueError for factors and scales beyond [0, 1], other counts of numbers and an unknown data_format,
/// ShapeError for another rank. Keras: `layers.RandomErasing`.
///
/// `RandomErasing()`, `RandomErasing(0.5, {.fill_value = 0})`.
using RandomErasing = Layer::Of<RandomErasingConfig>;

}  // namespace cornu::keras::layers
