#include "cornu/keras/layers/activations/leaky_relu.h"

#include "cornu/graph/check.h"
#include "cornu/keras/activations/rectified.h"

namespace cornu::keras::layers {
namespace {

struct LeakyReLULayer final : Configured<Layer, LeakyReLUConfig> {
  explicit LeakyReLULayer(LeakyReLUConfig config) : Configured(std::move(config)) {
    graph::require<ValueError>(config_.negative_slope >= 0, who(), "expected a negative_slope of at least 0, got ",
                               config_.negative_slope);
    set_supports_masking(true);
  }

  Tensor call(const Tensor& x, Context&) override {
    return activations::leaky_relu(x, {.negative_slope = config_.negative_slope});
  }
};

}  // namespace

void LeakyReLUConfig::fields(ConfigVisitor& v) { v("negative_slope", negative_slope, {.keras2_name = "alpha"}); }

CORNU_LAYER(LeakyReLUConfig, LeakyReLULayer, "LeakyReLU");

}  // namespace cornu::keras::layers
