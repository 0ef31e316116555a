#include "cornu/keras/layers/preprocessing/random_invert.h"

#include "cornu/keras/field_value.h"
#include "cornu/keras/layers/preprocessing/internal/image_layer.h"
#include "cornu/ops/native/select.h"

namespace cornu::keras::layers {
namespace {

struct RandomInvertLayer final : internal::ImageLayer<RandomInvertConfig> {
  explicit RandomInvertLayer(RandomInvertConfig config) : ImageLayer(std::move(config)) {
    complete();
    probability_ = internal::complete_bounds(who(), "factor", config_.factor, 0, 1);
    internal::require_value_range(who(), config_.value_range);
  }

 protected:
  Tensor changed(const Tensor& images, Context& ctx) override {
    if (!ctx.training()) return images;
    const Tensor x = as_floats(images);
    return ops::where(chosen(x, probability_, ctx), config_.value_range[1] - x, x);
  }

 private:
  internal::Bounds probability_;
};

}  // namespace

void RandomInvertConfig::fields(ConfigVisitor& v) {
  v.visit({"factor"}, &factor);
  v("value_range", value_range);
  internal::visit_random(v, *this);
}

CORNU_LAYER(RandomInvertConfig, RandomInvertLayer, "RandomInvert", {}, {.since_keras3 = true});

}  // namespace cornu::keras::layers
