#include "cornu/keras/layers/preprocessing/solarization.h"

#include "cornu/keras/field_value.h"
#include "cornu/keras/layers/preprocessing/internal/image_layer.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/select.h"

namespace cornu::keras::layers {
namespace {

struct SolarizationLayer final : internal::ImageLayer<SolarizationConfig> {
  explicit SolarizationLayer(SolarizationConfig config) : ImageLayer(std::move(config)) {
    complete();
    additions_ = shares("addition_factor", config_.addition_factor);
    thresholds_ = shares("threshold_factor", config_.threshold_factor);
    internal::sort_value_range(who(), config_.value_range);
  }

 protected:
  Tensor changed(const Tensor& images, Context& ctx) override {
    const Tensor floats = as_floats(images);
    if (!ctx.training()) return floats;
    static const std::vector<double> kBytes{0, 255};
    const Tensor x = internal::changed_range(ops::cast(floats, float32), config_.value_range, kBytes);
    const Tensor addition = random(x, additions_, ctx), threshold = random(x, thresholds_, ctx);
    const Tensor y = ops::clip(x + addition, 0, 255);
    const Tensor turned = ops::where(ops::less(y, threshold), y, 255 - y);
    return as_floats(internal::changed_range(turned, kBytes, config_.value_range));
  }

 private:
  internal::Bounds shares(const char* argument, Range& factor) const {
    const internal::Bounds shares = internal::complete_bounds(who(), argument, factor, 0, 1, false);
    return {shares.lower, shares.upper * 255};
  }

  internal::Bounds additions_, thresholds_;
};

}  // namespace

void SolarizationConfig::fields(ConfigVisitor& v) {
  v.visit({"addition_factor"}, &addition_factor);
  v.visit({"threshold_factor"}, &threshold_factor);
  v("value_range", value_range);
  internal::visit_random(v, *this);
}

CORNU_LAYER(SolarizationConfig, SolarizationLayer, "Solarization", {}, {.since_keras3 = true});

}  // namespace cornu::keras::layers
