#include "cornu/keras/layers/activations/elu.h"

#include "cornu/keras/activations/smooth.h"

namespace cornu::keras::layers {
namespace {

struct ELULayer final : Configured<Layer, ELUConfig> {
  explicit ELULayer(ELUConfig config) : Configured(std::move(config)) { set_supports_masking(true); }

  Tensor call(const Tensor& x, Context&) override { return activations::elu(x, {.alpha = config_.alpha}); }
};

}  // namespace

void ELUConfig::fields(ConfigVisitor& v) { v("alpha", alpha); }

CORNU_LAYER(ELUConfig, ELULayer, "ELU");

}  // namespace cornu::keras::layers
