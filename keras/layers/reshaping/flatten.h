#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct FlattenConfig {
  std::string data_format =
      "channels_last";  ///< "channels_first": (batch, channels, …) is flattened with the channels last
  CORNU_LAYER_CONFIG(FlattenConfig);
};

/// (batch, …) -> (batch, product of the others). Any dtype. Throws ValueError for another data_format. Keras:
/// `layers.Flatten`.
/// `Flatten()`, `Flatten({.input_shape = {28, 28}})`.
using Flatten = Layer::Of<FlattenConfig>;

}  // namespace cornu::keras::layers
