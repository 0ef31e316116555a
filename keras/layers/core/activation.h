#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct ActivationConfig {
  Arg<activations::Activation> activation = nullptr;
  CORNU_LAYER_ARGUMENTS;
  using positional = Positions<&ActivationConfig::activation>;
  void fields(ConfigVisitor& v);
};

/// An activation function as a layer of its own. Keras: `layers.Activation`.
class CORNU_EXPORT ActivationLayer final : public Configured<Layer, ActivationConfig> {
 public:
  explicit ActivationLayer(ActivationConfig config = {});
  Tensor call(const Tensor& x, Context& ctx) override;
};

/// `Activation("softmax")`, `Activation(activations::relu)`, `Activation({.activation = "relu", .name = "r1"})`.
using Activation = Handle<ActivationLayer>;

}  // namespace cornu::keras::layers
