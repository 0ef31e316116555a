#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct LeakyReLUConfig {
  double negative_slope = 0.3;  ///< Keras 2 calls it alpha
  CORNU_LAYER_CONFIG(LeakyReLUConfig);
  using positional = Positions<&LeakyReLUConfig::negative_slope>;
};

/// x where positive, `negative_slope * x` elsewhere. Any shape. Throws ValueError for a negative slope. The function
/// `activations::leaky_relu` has another default, 0.2. Keras: `layers.LeakyReLU`.
///
/// `LeakyReLU()`, `LeakyReLU(0.1)`, `LeakyReLU({.negative_slope = 0.1})`.
using LeakyReLU = Layer::Of<LeakyReLUConfig>;

}  // namespace cornu::keras::layers
