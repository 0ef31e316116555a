#pragma once

#include "cornu/keras/axes.h"
#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct RMSNormalizationConfig {
  Axes axis = -1;         ///< over which squares are averaged, and along which the weight lies
  double epsilon = 1e-6;  ///< is added to the mean square
  CORNU_LAYER_CONFIG(RMSNormalizationConfig);
  using positional = Positions<&RMSNormalizationConfig::axis, &RMSNormalizationConfig::epsilon>;
};

/// Divides by the root of the mean square along some axes: x / sqrt(mean(x^2) + epsilon) * scale, of the input's shape.
/// Weight: scale, of the lengths of these axes, at first 1. Computed in float32 whatever the dtype. It ends a mask, as
/// in Keras. Throws ValueError for no axis or one twice; ShapeError for an axis out of bounds, of unknown length, or,
/// once built, of another length. Keras 3: `layers.RMSNormalization`; Keras 2 does not have it, so that a model with it
/// cannot be saved as .h5.
///
/// `RMSNormalization()`, `RMSNormalization(-1, 1e-5)`, `RMSNormalization({.axis = {1, 2}})`.
using RMSNormalization = Layer::Of<RMSNormalizationConfig>;

}  // namespace cornu::keras::layers
