#pragma once

#include "cornu/keras/layers/preprocessing/image_arguments.h"

namespace cornu::keras::layers {

struct AutoContrastConfig {
  std::vector<double> value_range = {0, 255};  ///< of the pixels
  CORNU_IMAGE_ARGUMENTS(AutoContrastConfig);
  using positional = Positions<&AutoContrastConfig::value_range>;
};

/// Stretches the pixels of each channel of a picture to the whole range, in training and else; a channel of one color
/// stays as it is. Floats come out. Pictures are (batch, height, width, channels), or a single one without the batch.
/// As in Keras, the extremes are taken over the second and third axis whatever the data format: of pictures with
/// channels first for each column. Throws ValueError for value ranges that are not two numbers, ShapeError for another
/// rank. Keras: `layers.AutoContrast`.
///
/// `AutoContrast()`, `AutoContrast({.value_range = {0, 1}})`.
using AutoContrast = Layer::Of<AutoContrastConfig>;

}  // namespace cornu::keras::layers
