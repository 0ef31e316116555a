#include "cornu/keras/layers/core/activation.h"

namespace cornu::keras::layers {
namespace {

struct ActivationLayer final : Configured<Layer, ActivationConfig> {
  explicit ActivationLayer(ActivationConfig config) : Configured(std::move(config)) { set_supports_masking(true); }

  Tensor call(const Tensor& x, Context&) override { return config_.activation ? config_.activation(x) : x; }
};

}  // namespace

void ActivationConfig::fields(ConfigVisitor& v) { v("activation", activation); }

CORNU_LAYER(ActivationConfig, ActivationLayer, "Activation");

}  // namespace cornu::keras::layers
