#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct GaussianNoiseConfig {
  double stddev = 0;  ///< of the noise; required in Keras
  std::optional<std::int64_t> seed = std::nullopt;
  CORNU_LAYER_CONFIG(GaussianNoiseConfig);
  using positional = Positions<&GaussianNoiseConfig::stddev>;
};

/// In training, adds normal noise of mean 0 to each element; else the input itself. Throws ValueError for a stddev
/// outside of [0, 1]. Keras: `layers.GaussianNoise`.
///
/// `GaussianNoise(0.1)`, `GaussianNoise(0.1, {.seed = 1})`, `GaussianNoise({.stddev = 0.1})`.
using GaussianNoise = Layer::Of<GaussianNoiseConfig>;

}  // namespace cornu::keras::layers
