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

const bool rescaling_registered = registry().add<RescalingLayer>("Rescaling");

}  // namespace

void RescalingConfig::fields(ConfigVisitor& v) {
  v("scale", scale);
  v("offset", offset);
}

Made<Layer, RescalingConfig> RescalingConfig::make() const { return std::make_shared<RescalingLayer>(*this); }

}  // namespace cornu::keras::layers
