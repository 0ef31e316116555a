#include "cornu/keras/layers/activations/relu.h"

#include "cornu/graph/check.h"
#include "cornu/keras/activations/rectified.h"

namespace cornu::keras::layers {
namespace {

struct ReLULayer final : Configured<Layer, ReLUConfig> {
  explicit ReLULayer(ReLUConfig config) : Configured(std::move(config)) {
    require_not_negative("max_value", config_.max_value.value_or(0));
    require_not_negative("negative_slope", config_.negative_slope);
    require_not_negative("threshold", config_.threshold);
    set_supports_masking(true);
  }

  void require_not_negative(const char* argument, double value) const {
    graph::require<ValueError>(value >= 0, who(), "expected a ", argument, " of at least 0, got ", value);
  }

  Tensor call(const Tensor& x, Context&) override {
    return activations::relu(
        x, {.negative_slope = config_.negative_slope, .max_value = config_.max_value, .threshold = config_.threshold});
  }
};

}  // namespace

void ReLUConfig::fields(ConfigVisitor& v) {
  v("max_value", max_value);
  v("negative_slope", negative_slope);
  v("threshold", threshold);
}

CORNU_LAYER(ReLUConfig, ReLULayer, "ReLU");

}  // namespace cornu::keras::layers
