#pragma once

#include "cornu/keras/layers/layer.h"
#include "cornu/keras/numbers.h"

namespace cornu::keras::layers {

struct RescalingConfig {
  Numbers scale = {};  ///< required: one number, or numbers that broadcast against the input
  Numbers offset = 0;
  CORNU_LAYER_CONFIG(RescalingConfig);
  using positional = Positions<&RescalingConfig::scale, &RescalingConfig::offset>;
};

/// x * scale + offset, of the input's shape, in training as in inference. Integers become floats. Throws ValueError
/// without a scale. Keras: `layers.Rescaling`.
///
/// `Rescaling(1. / 255)` makes [0, 1] of bytes, `Rescaling(1. / 127.5, -1)` makes [-1, 1] of them.
using Rescaling = Layer::Of<RescalingConfig>;

}  // namespace cornu::keras::layers
