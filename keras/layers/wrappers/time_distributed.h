#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct TimeDistributedConfig {
  Arg<Layer> layer = nullptr;  ///< required
  CORNU_LAYER_CONFIG(TimeDistributedConfig);
  using positional = Positions<&TimeDistributedConfig::layer>;
};

/// A layer applied to each step of a sequence: (batch, steps, …) -> (batch, steps, …). Its weights are the layer's.
/// Throws ValueError without a layer, ShapeError for inputs of fewer than three axes. Keras: `layers.TimeDistributed`.
///
/// `TimeDistributed(layers::Dense(8))`.
using TimeDistributed = Layer::Of<TimeDistributedConfig>;

}  // namespace cornu::keras::layers
