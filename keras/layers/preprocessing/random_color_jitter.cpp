#include "cornu/keras/layers/preprocessing/random_color_jitter.h"

#include "cornu/keras/field_value.h"
#include "cornu/keras/layers/preprocessing/internal/augmentations.h"
#include "cornu/keras/layers/preprocessing/internal/image_layer.h"
#include "cornu/keras/layers/preprocessing/random_adjustment.h"
#include "cornu/keras/layers/preprocessing/random_color.h"

namespace cornu::keras::layers {
namespace {

struct RandomColorJitterLayer final : internal::ImageLayer<RandomColorJitterConfig> {
  explicit RandomColorJitterLayer(RandomColorJitterConfig config) : ImageLayer(std::move(config)) {
    complete();
    internal::require_value_range(who(), config_.value_range);
    add<RandomBrightness, RandomColorConfig<"RandomBrightness">>(config_.brightness_factor);
    add<RandomContrast, RandomColorConfig<"RandomContrast">>(config_.contrast_factor);
    add<RandomSaturation, RandomAdjustmentConfig<"RandomSaturation">>(config_.saturation_factor);
    add<RandomHue, RandomAdjustmentConfig<"RandomHue">>(config_.hue_factor);
  }

 protected:
  Tensor changed(const Tensor& images, Context& ctx) override {
    if (!ctx.training()) return images;
    Tensor y = as_floats(images);
    const Tensor state = random_state(ctx);
    for (std::size_t i = 0; i < parts_.size(); ++i)
      y = internal::call_part(parts_[i], y, state, static_cast<std::int64_t>(i));
    return y;
  }

 private:
  template <class Part, class PartConfig>
  void add(const Range& factor) {
    if (!factor) return;
    PartConfig c;
    c.factor = factor, c.value_range = config_.value_range;
    c.data_format = config_.data_format, c.dtype = dtype_policy().name(), c.name = config_.name;
    parts_.push_back(Part(c));
  }

  std::vector<Shared<Layer>> parts_;
};

}  // namespace

void RandomColorJitterConfig::fields(ConfigVisitor& v) {
  v("value_range", value_range);
  v.visit({"brightness_factor", {.number_if_one = true}}, &brightness_factor);
  v.visit({"contrast_factor", {.number_if_one = true}}, &contrast_factor);
  v.visit({"saturation_factor", {.number_if_one = true}}, &saturation_factor);
  v.visit({"hue_factor", {.number_if_one = true}}, &hue_factor);
  internal::visit_random(v, *this);
}

CORNU_LAYER(RandomColorJitterConfig, RandomColorJitterLayer, "RandomColorJitter", {}, {.since_keras3 = true});

}  // namespace cornu::keras::layers
