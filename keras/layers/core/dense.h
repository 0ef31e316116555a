#pragma once

#include "cornu/keras/layers/weight_arguments.h"

namespace cornu::keras::layers {

struct DenseConfig {
  int units = 0;  ///< the length of the output's last axis; required
  Arg<activations::Activation> activation = nullptr;
  CORNU_KERNEL_AND_BIAS_ARGUMENTS(kernel);
  CORNU_LAYER_CONFIG(DenseConfig);
};

/// `activation(x kernel + bias)` along the last axis: (batch, …, n) -> (batch, …, units). Weights: kernel (n, units),
/// bias (units,). Throws ValueError if units is not positive; ShapeError for inputs of fewer than two axes, with an
/// unknown last axis, or, once built, with another one. Keras: `layers.Dense`.
///
/// `Dense(512, {.activation = "relu"})`, `Dense({.units = 512})`.
class Dense : public Layer::Of<DenseConfig> {
 public:
  using Handle::Handle;
  /// Throws ValueError if the config has other units.
  explicit Dense(int units, DenseConfig config = {});
};

}  // namespace cornu::keras::layers
