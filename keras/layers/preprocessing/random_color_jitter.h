#pragma once

#include "cornu/keras/layers/preprocessing/image_arguments.h"
#include "cornu/keras/range.h"

namespace cornu::keras::layers {

struct RandomColorJitterConfig {
  std::vector<double> value_range = {0, 255};  ///< of the pixels
  Range brightness_factor = {};                ///< of RandomBrightness; none: it stays
  Range contrast_factor = {};                  ///< of RandomContrast
  Range saturation_factor = {};                ///< of RandomSaturation
  Range hue_factor = {};                       ///< of RandomHue
  CORNU_RANDOM_IMAGE_ARGUMENTS(RandomColorJitterConfig);
};

/// RandomBrightness, RandomContrast, RandomSaturation and RandomHue in this order, those of them that have a factor;
/// floats come out in training, else pictures stay as they are. They are (batch, height, width, channels), or a single
/// one without the batch. Throws what these layers throw. Keras: `layers.RandomColorJitter`.
///
/// `RandomColorJitter({.value_range = {0, 1}, .brightness_factor = 0.2, .hue_factor = 0.1})`.
using RandomColorJitter = Layer::Of<RandomColorJitterConfig>;

}  // namespace cornu::keras::layers
