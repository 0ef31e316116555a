#pragma once

#include "cornu/keras/layers/preprocessing/image_arguments.h"
#include "cornu/keras/range.h"

namespace cornu::keras::layers {

struct SolarizationConfig {
  Range addition_factor = 0.0;   ///< how much is added before, as a share of the range: from 0, or between two numbers
  Range threshold_factor = 0.0;  ///< from which pixels on they are inverted, likewise
  std::vector<double> value_range = {0, 255};  ///< of the pixels
  CORNU_RANDOM_IMAGE_ARGUMENTS(SolarizationConfig);
  using positional = Positions<&SolarizationConfig::addition_factor, &SolarizationConfig::threshold_factor>;
};

/// In training, adds a random number to each picture and turns around the pixels that reach a random threshold: with a
/// threshold of 0, the default, all. Floats come out; else pictures stay as they are. They are (batch, height, width,
/// channels), or a single one without the batch. As in Keras the lower one of two factors is taken as a number from 0
/// to 255, the upper one as a share of 255. Throws ValueError for factors beyond [0, 1] and value ranges that are not
/// two numbers, ShapeError for another rank. Keras: `layers.Solarization`.
///
/// `Solarization(0.3, 0.5)`, `Solarization({.threshold_factor = 0.5, .value_range = {0, 1}})`.
using Solarization = Layer::Of<SolarizationConfig>;

}  // namespace cornu::keras::layers
