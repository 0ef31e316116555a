#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct DropoutConfig {
  double rate = 0;  ///< the share of elements that become 0; required in Keras
  Shape noise_shape =
      Shape::unset();  ///< of the mask, axes of length 1 share it; kUnknown: as the input's. With the batch axis.
  std::optional<std::int64_t> seed = std::nullopt;
  CORNU_LAYER_CONFIG(DropoutConfig);
  using positional = Positions<&DropoutConfig::rate>;
};

/// In training, sets random elements to 0 and multiplies the others by 1 / (1 - rate); else the input itself. Throws
/// ValueError for a rate outside of [0, 1] and lengths below 1 in noise_shape. Keras: `layers.Dropout`.
///
/// `Dropout(0.5)`, `Dropout(0.5, {.seed = 1})`, `Dropout({.rate = 0.5})`.
using Dropout = Layer::Of<DropoutConfig>;

}  // namespace cornu::keras::layers
