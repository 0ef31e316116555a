#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct AlphaDropoutConfig {
  double rate = 0;  ///< the share of elements that are dropped; required in Keras
  Shape noise_shape =
      Shape::unset();  ///< of the mask, axes of length 1 share it; kUnknown: as the input's. With the batch axis.
  std::optional<std::int64_t> seed = std::nullopt;
  CORNU_LAYER_CONFIG(AlphaDropoutConfig);
  using positional = Positions<&AlphaDropoutConfig::rate>;
};

/// Dropout behind `selu`: in training, random elements become what selu tends to for small numbers, -1.7581, and `a x +
/// b` of all elements brings mean 0 and variance 1 back (Klambauer et al., 2017); else the input itself. Throws
/// ValueError for a rate outside of [0, 1], in training for 1, which has no such a and b, and for lengths below 1 in
/// noise_shape; ShapeError for a noise_shape of other rank than the input. Keras: `layers.AlphaDropout`.
///
/// `AlphaDropout(0.1)`, `AlphaDropout(0.1, {.seed = 1})`, `AlphaDropout({.rate = 0.1})`.
using AlphaDropout = Layer::Of<AlphaDropoutConfig>;

}  // namespace cornu::keras::layers
