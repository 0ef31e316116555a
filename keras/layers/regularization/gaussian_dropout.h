#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct GaussianDropoutConfig {
  double rate = 0;  ///< the share that Dropout with the same variance would drop; required in Keras
  std::optional<std::int64_t> seed = std::nullopt;
  CORNU_LAYER_CONFIG(GaussianDropoutConfig);
  using positional = Positions<&GaussianDropoutConfig::rate>;
};

/// In training, multiplies each element by normal noise of mean 1 and standard deviation `sqrt(rate / (1 - rate))`
/// (Srivastava et al., 2014); else the input itself. Throws ValueError for a rate outside of [0, 1], and in training
/// for 1, whose noise would be infinite. Keras: `layers.GaussianDropout`.
///
/// `GaussianDropout(0.5)`, `GaussianDropout(0.5, {.seed = 1})`, `GaussianDropout({.rate = 0.5})`.
using GaussianDropout = Layer::Of<GaussianDropoutConfig>;

}  // namespace cornu::keras::layers
