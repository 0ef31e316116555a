#pragma once

#include "cornu/keras/axes.h"
#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct UnitNormalizationConfig {
  Axes axis = -1;  ///< along which the length is taken
  CORNU_LAYER_CONFIG(UnitNormalizationConfig);
  using positional = Positions<&UnitNormalizationConfig::axis>;
};

/// Divides by the Euclidean length along some axes, which becomes 1: x / sqrt(sum(x^2)), of the input's shape. What is
/// all 0 stays 0. No weights. Throws ValueError for no axis or one twice, ShapeError for one out of bounds. Keras:
/// `layers.UnitNormalization`.
///
/// `UnitNormalization()`, `UnitNormalization({.axis = {1, 2}})`.
using UnitNormalization = Layer::Of<UnitNormalizationConfig>;

}  // namespace cornu::keras::layers
