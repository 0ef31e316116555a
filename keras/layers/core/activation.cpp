#include "cornu/keras/layers/core/activation.h"

namespace cornu::keras::layers {

void ActivationConfig::fields(ConfigVisitor& v) {
  v("activation", activation);
  base_fields(*this, v);
}

ActivationLayer::ActivationLayer(ActivationConfig config) : Layer(LayerConfig::of(config)), config_(std::move(config)) {
  set_supports_masking(true);
}

Tensor ActivationLayer::call(const Tensor& x, Context&) { return config_.activation ? config_.activation(x) : x; }

Activation::Activation(Arg<activations::Activation> activation, ActivationConfig config)
    : Handle([&] {
        config.activation = std::move(activation);
        return std::move(config);
      }()) {}

namespace {

const bool registered = registry().add<ActivationLayer, ActivationConfig>("Activation");

}  // namespace
}  // namespace cornu::keras::layers
