#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct ActivationConfig {
  Arg<activations::Activation> activation = nullptr;
  std::string name = "";
  bool trainable = true;
  std::string dtype = "";
  Shape input_shape = Shape::unset();
  std::optional<int> batch_size = std::nullopt;
  void fields(ConfigVisitor& v);
};

/// An activation function as a layer of its own. Keras: `layers.Activation`.
class CORNU_EXPORT ActivationLayer final : public Layer {
 public:
  explicit ActivationLayer(ActivationConfig config = {});
  Tensor call(const Tensor& x, Context& ctx) override;
  void fields(ConfigVisitor& v) override { visit(config_, v); }

 private:
  ActivationConfig config_;
};

/// `Activation("softmax")`, `Activation(activations::relu)`, `Activation({.activation = "relu", .name = "r1"})`.
class Activation : public Handle<ActivationLayer, ActivationConfig> {
 public:
  using Handle::Handle;
  explicit Activation(Arg<activations::Activation> activation, ActivationConfig config = {});
};

}  // namespace cornu::keras::layers
