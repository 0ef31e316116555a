#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct ELUConfig {
  double alpha = 1;
  CORNU_LAYER_CONFIG(ELUConfig);
  using positional = Positions<&ELUConfig::alpha>;
};

/// x where positive, `alpha (exp(x) - 1)` elsewhere. Any shape. Keras: `layers.ELU`.
///
/// `ELU()`, `ELU(0.5)`, `ELU({.alpha = 0.5})`.
using ELU = Layer::Of<ELUConfig>;

}  // namespace cornu::keras::layers
