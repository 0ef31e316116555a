#include "cornu/keras/layers/preprocessing/rescaling.h"

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/cast.h"

namespace cornu::keras::layers {
namespace {

struct RescalingLayer final : Configured<Layer, RescalingConfig> {
  explicit RescalingLayer(RescalingConfig config) : Configured(std::move(config)) {
    graph::require<ValueError>(config_.scale && config_.offset, who(), "expected a scale and an offset, got none");
    set_supports_masking(true);
  }

  Tensor call(const Tensor& x, Context&) override {
    const auto number = [&](const Numbers& numbers) { return graph::constant(numbers->astype(compute_dtype())); };
    return ops::cast(x, compute_dtype()) * number(config_.scale) + number(config_.offset);
  }
};

}  // namespace

void RescalingConfig::fields(ConfigVisitor& v) {
  v("scale", scale);
  v("offset", offset);
}

CORNU_LAYER(RescalingConfig, RescalingLayer, "Rescaling");

}  // namespace cornu::keras::layers
