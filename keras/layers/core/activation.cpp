#include "cornu/keras/layers/core/activation.h"

namespace cornu::keras::layers {

void ActivationConfig::fields(ConfigVisitor& v) {
  v("activation", activation);
  base_fields(*this, v);
}

ActivationLayer::ActivationLayer(ActivationConfig config) : Configured(std::move(config)) {
  set_supports_masking(true);
}

Tensor ActivationLayer::call(const Tensor& x, Context&) { return config_.activation ? config_.activation(x) : x; }

namespace {

const bool activation_registered = registry().add<ActivationLayer>("Activation");

}  // namespace
}  // namespace cornu::keras::layers
