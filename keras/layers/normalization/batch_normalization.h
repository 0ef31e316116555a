#pragma once

#include <map>

#include "cornu/keras/layers/weight_arguments.h"

namespace cornu::keras::layers {

struct BatchNormalizationConfig {
  int axis = -1;           ///< that of the channels
  double momentum = 0.99;  ///< what the moving statistics keep of themselves in a step
  double epsilon = 1e-3;   ///< is added to the variance
  bool center = true;      ///< adds beta
  bool scale = true;       ///< multiplies by gamma
  CORNU_BETA_AND_GAMMA_INITIALIZERS;
  Arg<initializers::Initializer> moving_mean_initializer = "zeros";
  Arg<initializers::Initializer> moving_variance_initializer = "ones";
  CORNU_BETA_AND_GAMMA_REGULARIZERS_AND_CONSTRAINTS;
  bool renorm = false;  ///< corrects a batch's statistics towards moving ones (batch renormalization)
  std::map<std::string, double> renorm_clipping = {};  ///< bounds of that correction: "rmin", "rmax", "dmax"
  double renorm_momentum = 0.99;                       ///< of the moving statistics of renorm
  bool synchronized = false;                           ///< among processes; true is an error
  CORNU_LAYER_CONFIG(BatchNormalizationConfig);
  using positional = Positions<&BatchNormalizationConfig::axis>;
};

/// Gives each channel mean 0 and variance 1: (x - mean) / sqrt(variance + epsilon) * gamma + beta, of the input's
/// shape. In training mean and (biased) variance are the batch's, over all axes but the channels', and the moving ones
/// become moving * momentum + batch * (1 - momentum). In inference, and while the layer is not trainable, they are the
/// moving ones. Masked steps count neither in mean nor in variance.
///
/// Weights, each (channels,): gamma, beta; not trained: moving_mean, moving_variance, and with renorm moving_stddev,
/// renorm_mean, renorm_stddev. Computed in float32 whatever the dtype. Throws ValueError for synchronized, for other
/// keys in renorm_clipping, for rmax < rmin, a negative dmax, and a mask of other than all axes but the last;
/// ShapeError for an axis out of bounds, an unknown number of channels, or, once built, another rank or number of
/// channels. Keras: `layers.BatchNormalization`.
///
/// `BatchNormalization()`, `BatchNormalization({.momentum = 0.9})`, and to freeze one `layer->set_trainable(false)`.
using BatchNormalization = Layer::Of<BatchNormalizationConfig>;

}  // namespace cornu::keras::layers
