#include "cornu/keras/layers/preprocessing/random_elastic_transform.h"

#include <algorithm>

#include "cornu/keras/field_value.h"
#include "cornu/keras/layers/preprocessing/internal/image_layer.h"
#include "cornu/ops/image/elastic_transform.h"
#include "cornu/ops/native/select.h"

namespace cornu::keras::layers {
namespace {

struct RandomElasticTransformLayer final : internal::ImageLayer<RandomElasticTransformConfig> {
  explicit RandomElasticTransformLayer(RandomElasticTransformConfig config) : ImageLayer(std::move(config)) {
    complete();
    probability_ = internal::complete_bounds(who(), "factor", config_.factor, 0, 1);
    scale_ = internal::complete_bounds(who(), "scale", config_.scale, 0, 1);
    internal::require_value_range(who(), config_.value_range);
    transforming().check(who());
  }

 protected:
  Tensor changed(const Tensor& images, Context& ctx) override {
    const Tensor x = as_floats(images);
    if (!ctx.training() || scale_.upper == 0 || probability_.upper == 0) return x;
    const Tensor moved = chosen(x, probability_, ctx);
    const Tensor strength = internal::uniform(random_state(ctx), {1}, scale_);
    const auto longer = static_cast<double>(std::max(height(x), width(x))),
               shorter = static_cast<double>(std::min(height(x), width(x)));
    // A sigma of 0, which a strength of 0 would give, has no bell.
    const Tensor sigma = strength * (0.05 * shorter) + 1e-6;
    const Tensor y =
        ops::image::elastic_transform(x, strength * (0.1 * longer), sigma, random_state(ctx), transforming());
    return in_value_range(ops::where(moved, y, x));
  }

 private:
  ops::image::ElasticTransformConfig transforming() const {
    return {.interpolation = config_.interpolation,
            .fill_mode = config_.fill_mode,
            .fill_value = config_.fill_value,
            .data_format = config_.data_format};
  }

  internal::Bounds probability_, scale_;
};

}  // namespace

void RandomElasticTransformConfig::fields(ConfigVisitor& v) {
  v.visit({"factor"}, &factor);
  v.visit({"scale"}, &scale);
  v("interpolation", interpolation);
  v("fill_mode", fill_mode);
  v("fill_value", fill_value);
  v("value_range", value_range);
  internal::visit_random(v, *this);
}

CORNU_LAYER(RandomElasticTransformConfig, RandomElasticTransformLayer, "RandomElasticTransform", {},
            {.since_keras3 = true});

}  // namespace cornu::keras::layers
