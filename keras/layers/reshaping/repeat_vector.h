#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct RepeatVectorConfig {
  int n = 0;  ///< how often; required
  CORNU_LAYER_CONFIG(RepeatVectorConfig);
  using positional = Positions<&RepeatVectorConfig::n>;
};

/// The input n times: (batch, features) -> (batch, n, features). Throws ValueError unless n is positive, ShapeError for
/// inputs of another rank. Keras: `layers.RepeatVector`.
///
/// `RepeatVector(3)`, `RepeatVector({.n = 3})`.
using RepeatVector = Layer::Of<RepeatVectorConfig>;

}  // namespace cornu::keras::layers
