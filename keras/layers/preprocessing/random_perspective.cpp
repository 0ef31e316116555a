#include "cornu/keras/layers/preprocessing/random_perspective.h"

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/keras/field_value.h"
#include "cornu/keras/layers/preprocessing/internal/image_layer.h"
#include "cornu/ops/image/affine_transform.h"
#include "cornu/ops/image/perspective_transform.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/select.h"

namespace cornu::keras::layers {
namespace {

struct RandomPerspectiveLayer final : internal::ImageLayer<RandomPerspectiveConfig> {
  explicit RandomPerspectiveLayer(RandomPerspectiveConfig config) : ImageLayer(std::move(config)) {
    complete();
    probability_ = internal::complete_bounds(who(), "factor", config_.factor, 0, 1);
    graph::require<ValueError>(config_.scale >= 0 && config_.scale <= 1, who(), "expected a scale from 0 to 1, got ",
                               config_.scale);
    ops::image::AffineTransformConfig{.interpolation = config_.interpolation}.check(who());
  }

 protected:
  Tensor changed(const Tensor& images, Context& ctx) override {
    const Tensor x = as_floats(images);
    if (!ctx.training()) return x;
    const Tensor moved = chosen(x, probability_, ctx);
    const auto right = static_cast<float>(width(x) - 1), bottom = static_cast<float>(height(x) - 1);
    const Shape points{x.shape()[0], 4, 2};
    const Tensor start = ops::broadcast_to(
        graph::constant(Array{0.f, 0.f, right, 0.f, 0.f, bottom, right, bottom}.reshape({1, 4, 2})), points);
    const double half = config_.scale / 2;
    const Tensor end = start + start * internal::uniform(random_state(ctx), points, {-half, half});
    const Tensor y = ops::image::perspective_transform(
        x, start, end,
        {.interpolation = config_.interpolation, .fill_value = config_.fill_value, .data_format = config_.data_format});
    return ops::where(moved, y, x);
  }

 private:
  internal::Bounds probability_;
};

}  // namespace

void RandomPerspectiveConfig::fields(ConfigVisitor& v) {
  v.visit({"factor"}, &factor);
  v("scale", scale);
  v("interpolation", interpolation);
  v("fill_value", fill_value);
  internal::visit_random(v, *this);
}

CORNU_LAYER(RandomPerspectiveConfig, RandomPerspectiveLayer, "RandomPerspective", {}, {.since_keras3 = true});

}  // namespace cornu::keras::layers
