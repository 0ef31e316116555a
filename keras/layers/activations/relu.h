#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct ReLUConfig {
  std::optional<double> max_value = std::nullopt;  ///< none: no maximum
  double negative_slope = 0;
  double threshold = 0;
  CORNU_LAYER_CONFIG(ReLUConfig);
  using positional = Positions<&ReLUConfig::max_value, &ReLUConfig::negative_slope, &ReLUConfig::threshold>;
};

/// `max(x, 0)`; below `threshold` it is `negative_slope * (x - threshold)`, and it never exceeds `max_value`. Any
/// shape. Throws ValueError for a negative argument. Keras: `layers.ReLU`.
///
/// `ReLU()`, `ReLU(6)`, `ReLU({.max_value = 6, .negative_slope = 0.1})`.
using ReLU = Layer::Of<ReLUConfig>;

}  // namespace cornu::keras::layers
