#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct ActivationConfig {
  Arg<activations::Activation> activation = nullptr;
  CORNU_LAYER_CONFIG(ActivationConfig);
  using positional = Positions<&ActivationConfig::activation>;
};

/// An activation function as a layer of its own. Keras: `layers.Activation`.
///
/// `Activation("softmax")`, `Activation(activations::relu)`, `Activation({.activation = "relu", .name = "r1"})`.
using Activation = Layer::Of<ActivationConfig>;

}  // namespace cornu::keras::layers
