#pragma once

#include "cornu/keras/axes.h"
#include "cornu/keras/layers/weight_arguments.h"

namespace cornu::keras::layers {

struct LayerNormalizationConfig {
  Axes axis = -1;         ///< over which mean and variance are taken, and along which the weights lie
  double epsilon = 1e-3;  ///< is added to the variance
  bool center = true;     ///< adds beta
  bool scale = true;      ///< multiplies by gamma
  CORNU_BETA_AND_GAMMA_INITIALIZERS;
  CORNU_BETA_AND_GAMMA_REGULARIZERS_AND_CONSTRAINTS;
  bool rms_scaling = false;  ///< Keras 3, deprecated: x / sqrt(variance + epsilon) * gamma, with gamma in any case
  CORNU_LAYER_CONFIG(LayerNormalizationConfig);
  using positional = Positions<&LayerNormalizationConfig::axis>;
};

/// Gives each sample mean 0 and variance 1 along some axes: (x - mean) / sqrt(variance + epsilon) * gamma + beta, of
/// the input's shape. Weights: gamma and beta, of the lengths of these axes. Computed in float32 whatever the dtype.
/// Throws ValueError for no axis or one twice; ShapeError for an axis out of bounds, of unknown length, or, once built,
/// of another length. Keras: `layers.LayerNormalization`.
///
/// `LayerNormalization()`, `LayerNormalization({.axis = {1, 2}, .epsilon = 1e-6})`.
using LayerNormalization = Layer::Of<LayerNormalizationConfig>;

}  // namespace cornu::keras::layers
