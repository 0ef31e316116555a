#pragma once

#include "cornu/keras/layers/weight_arguments.h"

namespace cornu::keras::layers {

struct GroupNormalizationConfig {
  int groups = 32;        ///< of channels; 1: all of them, -1: each by itself (instance normalization)
  int axis = -1;          ///< that of the channels, not the batch's
  double epsilon = 1e-3;  ///< is added to the variance
  bool center = true;     ///< adds beta
  bool scale = true;      ///< multiplies by gamma
  CORNU_BETA_AND_GAMMA_INITIALIZERS;
  CORNU_BETA_AND_GAMMA_REGULARIZERS_AND_CONSTRAINTS;
  CORNU_LAYER_CONFIG(GroupNormalizationConfig);
  using positional = Positions<&GroupNormalizationConfig::groups, &GroupNormalizationConfig::axis>;
};

/// Gives each group of channels of each sample mean 0 and variance 1, over its channels and all axes but the batch's:
/// (x - mean) / sqrt(variance + epsilon) * gamma + beta, of the input's shape. Weights: gamma and beta (channels,).
/// Computed in float32 whatever the dtype. Throws ValueError if groups is neither positive nor -1, is more than the
/// channels or does not divide them, and for the batch's axis; ShapeError for an axis out of bounds, an unknown number
/// of channels, or, once built, another rank or number of channels. Keras: `layers.GroupNormalization`.
///
/// `GroupNormalization(8)`, `GroupNormalization({.groups = -1, .axis = 1})`.
using GroupNormalization = Layer::Of<GroupNormalizationConfig>;

}  // namespace cornu::keras::layers
