#pragma once

#include "cornu/keras/layers/preprocessing/image_arguments.h"

namespace cornu::keras::layers {

struct EqualizationConfig {
  std::vector<double> value_range = {0, 255};  ///< of the pixels
  int bins = 256;                              ///< how many intensities are told apart
  CORNU_IMAGE_ARGUMENTS(EqualizationConfig);
  using positional = Positions<&EqualizationConfig::value_range>;
};

/// In training, spreads the intensities of each channel evenly over the range, by the histogram of that channel in the
/// whole batch, as Keras does; a channel of one color stays as it is. Floats come out then; else pictures stay as they
/// are. They are (batch, height, width, channels), or a single one without the batch. No gradient flows through it in
/// training. Throws ValueError for fewer than 1 bin and value ranges that are not two numbers, ShapeError for another
/// rank. Keras: `layers.Equalization`.
///
/// `Equalization()`, `Equalization({.value_range = {0, 1}, .bins = 64})`.
using Equalization = Layer::Of<EqualizationConfig>;

}  // namespace cornu::keras::layers
