#include "cornu/keras/layers/preprocessing/random_color.h"

#include <algorithm>

#include "cornu/keras/field_value.h"
#include "cornu/keras/layers/preprocessing/internal/image_layer.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::layers {
namespace {

using internal::Bounds;

template <Literal kName>
class RandomColorLayer : public internal::ImageLayer<RandomColorConfig<kName>> {
 public:
  using Base = internal::ImageLayer<RandomColorConfig<kName>>;
  using Base::Base;
  using Base::config_;

 protected:
  void complete(double lowest) {
    Base::complete();
    bounds_ = internal::complete_bounds(this->who(), "factor", config_.factor, lowest, 1);
    internal::require_value_range(this->who(), config_.value_range);
  }

  Bounds bounds_;
};

struct RandomContrastLayer final : RandomColorLayer<"RandomContrast"> {
  explicit RandomContrastLayer(Config config) : RandomColorLayer(std::move(config)) { complete(0); }

 protected:
  Tensor changed(const Tensor& images, Context& ctx) override {
    if (!ctx.training()) return images;
    const Tensor x = as_floats(images), factor = random(x, {1 - bounds_.lower, 1 + bounds_.upper}, ctx),
                 mean = ops::mean(x, {height_axis(), width_axis()}, ops::keepdims);
    return in_value_range((x - mean) * ops::cast(factor, x.dtype()) + mean);
  }
};

struct RandomBrightnessLayer final : RandomColorLayer<"RandomBrightness"> {
  explicit RandomBrightnessLayer(Config config) : RandomColorLayer(std::move(config)) {
    complete(-1);
    std::sort(config_.value_range.begin(), config_.value_range.end());
  }

 protected:
  Tensor changed(const Tensor& images, Context& ctx) override {
    if (!ctx.training()) return images;
    const double whole = config_.value_range[1] - config_.value_range[0];
    const Tensor x = as_floats(images);
    Tensor added = random(x, {bounds_.lower * whole, bounds_.upper * whole}, ctx);
    if (!graph::is_floating(images.dtype())) added = ops::cast(added, graph::int32);  // whole numbers stay such
    return ops::cast(in_value_range(x + ops::cast(added, x.dtype())), images.dtype());
  }
};

const bool random_color_registered =
    registry().add<RandomContrastLayer>("RandomContrast") && registry().add<RandomBrightnessLayer>("RandomBrightness");

}  // namespace

template <Literal kName>
void RandomColorConfig<kName>::fields(ConfigVisitor& v) {
  v.visit({"factor"}, &factor);
  // Files of Keras 3 hold both numbers. One alone is Keras 2's, whose contrast is as much lower as higher.
  constexpr bool kContrast = kName.text[6] == 'C';
  if (kContrast && v.purpose() == ConfigVisitor::Purpose::read && factor && factor->size() == 1)
    factor->push_back(factor->front());
  // Keras 2 keeps contrasts between 0 and 255.
  if (kContrast && value_range != std::vector<double>{0, 255}) v.not_in_keras2("argument 'value_range'");
  v("value_range", value_range, {.only_keras3 = kContrast});
  internal::visit_random(v, *this);
}

template <>
Made<Layer, RandomColorConfig<"RandomContrast">> RandomColorConfig<"RandomContrast">::make() const {
  return std::make_shared<RandomContrastLayer>(*this);
}
template <>
Made<Layer, RandomColorConfig<"RandomBrightness">> RandomColorConfig<"RandomBrightness">::make() const {
  return std::make_shared<RandomBrightnessLayer>(*this);
}
template struct RandomColorConfig<"RandomContrast">;
template struct RandomColorConfig<"RandomBrightness">;

}  // namespace cornu::keras::layers
