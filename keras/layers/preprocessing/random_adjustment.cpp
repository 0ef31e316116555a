#include "cornu/keras/layers/preprocessing/random_adjustment.h"

#include "cornu/graph/leaf.h"
#include "cornu/keras/epsilon.h"
#include "cornu/keras/field_value.h"
#include "cornu/keras/layers/preprocessing/internal/image_layer.h"
#include "cornu/ops/composite/separable_conv.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/image/color.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/native/slice.h"

namespace cornu::keras::layers {
namespace {

using internal::Bounds;

/// In training it computes with float32, whatever the policy: a hue in bfloat16 is one of 200.
template <Literal kName>
class RandomAdjustmentLayer : public internal::ImageLayer<RandomAdjustmentConfig<kName>> {
 public:
  using Base = internal::ImageLayer<RandomAdjustmentConfig<kName>>;
  using Base::Base;
  using Base::config_;

 protected:
  void complete(double lowest) {
    Base::complete();
    bounds_ = internal::complete_bounds(this->who(), "factor", config_.factor, lowest, 1);
  }
  /// The layer's work in training, on floats in float32.
  virtual Tensor adjusted(const Tensor& x, Context& ctx) = 0;
  Tensor changed(const Tensor& images, Context& ctx) override {
    if (!ctx.training()) return images;
    return this->as_floats(adjusted(ops::cast(images, float32), ctx));
  }
  Tensors channels(const Tensor& x) const {
    return ops::split(x, x.shape()[this->channel_axis()], this->channel_axis());
  }
  /// From hue, saturation and value. No gradient flows through it, as in Keras on TensorFlow.
  Tensor rgb(const Tensors& hsv) const {
    const Tensor joined = ops::stop_gradient(ops::concatenate(hsv, this->channel_axis()));
    return ops::image::hsv_to_rgb(joined, config_.data_format);
  }

  Bounds bounds_;
};

struct RandomHueLayer final : RandomAdjustmentLayer<"RandomHue"> {
  explicit RandomHueLayer(Config config) : RandomAdjustmentLayer(std::move(config)) {
    complete(0);
    internal::require_value_range(who(), config_.value_range);
  }

 protected:
  Tensor adjusted(const Tensor& x, Context& ctx) override {
    const Tensor chance = random(x, {0, 1}, ctx), size = random(x, bounds_, ctx) * 0.5;
    const Tensor turn = ops::where(ops::greater(chance, graph::constant(0.5, float32)), -size, size);
    Tensors hsv =
        channels(ops::image::rgb_to_hsv(internal::changed_range(x, config_.value_range, {0, 1}), config_.data_format));
    const Tensor hue = hsv[0] + turn, zero = graph::constant(0, float32), one = graph::constant(1, float32);
    const Tensor below_one = ops::where(ops::greater(hue, one), hue - 1, hue);
    hsv[0] = ops::where(ops::less(below_one, zero), below_one + 1, below_one);
    return internal::changed_range(ops::clip(rgb(hsv), 0, 1), {0, 1}, config_.value_range);
  }
};

struct RandomSaturationLayer final : RandomAdjustmentLayer<"RandomSaturation"> {
  explicit RandomSaturationLayer(Config config) : RandomAdjustmentLayer(std::move(config)) {
    complete(-1);
    internal::sort_value_range(who(), config_.value_range);
  }

 protected:
  // Keras clips the saturation to the range of the pixels, which for one from 0 to 255 lets it grow beyond 1.
  Tensor adjusted(const Tensor& x, Context& ctx) override {
    const Tensor factor = random(x, bounds_, ctx);
    Tensors hsv = channels(ops::image::rgb_to_hsv(x, config_.data_format));
    hsv[1] = in_value_range(hsv[1] * (factor / (1 - factor + kEpsilon)));
    return rgb(hsv);
  }
};

struct RandomColorDegenerationLayer final : RandomAdjustmentLayer<"RandomColorDegeneration"> {
  explicit RandomColorDegenerationLayer(Config config) : RandomAdjustmentLayer(std::move(config)) {
    complete(-1);
    internal::sort_value_range(who(), config_.value_range);
  }

 protected:
  Tensor adjusted(const Tensor& x, Context& ctx) override {
    const Tensor grey = ops::image::rgb_to_grayscale(x, config_.data_format);
    return in_value_range(x + random(x, bounds_, ctx) * (grey - x));
  }
};

struct RandomSharpnessLayer final : RandomAdjustmentLayer<"RandomSharpness"> {
  explicit RandomSharpnessLayer(Config config) : RandomAdjustmentLayer(std::move(config)) {
    complete(0);
    internal::sort_value_range(who(), config_.value_range);
  }

 protected:
  Tensor changed(const Tensor& images, Context& ctx) override {
    return RandomAdjustmentLayer::changed(as_floats(images), ctx);
  }
  Tensor adjusted(const Tensor& x, Context& ctx) override {
    graph::Array weights = graph::full({3, 3, 1, 1}, 1. / 13);
    weights.data<float>()[4] = 5.f / 13;
    const Tensor last = internal::channels_last(x, config_.data_format);
    const Tensor kernel = ops::broadcast_to(graph::constant(weights), Shape{3, 3, last.shape()[3], 1});
    const Tensor mean = ops::depthwise_conv(last, kernel, {.padding = "same"});
    const Tensor smooth = internal::channels_as(mean, config_.data_format);
    return in_value_range(x + (1 - random(x, bounds_, ctx) * 2) * (smooth - x));
  }
};

const bool random_adjustment_registered =
    registry().add<RandomHueLayer>("RandomHue", {}, {.since_keras3 = true}) &&
    registry().add<RandomSaturationLayer>("RandomSaturation", {}, {.since_keras3 = true}) &&
    registry().add<RandomColorDegenerationLayer>("RandomColorDegeneration", {}, {.since_keras3 = true}) &&
    registry().add<RandomSharpnessLayer>("RandomSharpness", {}, {.since_keras3 = true});

}  // namespace

template <Literal kName>
void RandomAdjustmentConfig<kName>::fields(ConfigVisitor& v) {
  v.visit({"factor"}, &factor);
  v("value_range", value_range);
  internal::visit_format_and_seed(v, *this);
}

template <>
Made<Layer, RandomAdjustmentConfig<"RandomHue">> RandomAdjustmentConfig<"RandomHue">::make() const {
  return std::make_shared<RandomHueLayer>(*this);
}
template <>
Made<Layer, RandomAdjustmentConfig<"RandomSaturation">> RandomAdjustmentConfig<"RandomSaturation">::make() const {
  return std::make_shared<RandomSaturationLayer>(*this);
}
template <>
Made<Layer, RandomAdjustmentConfig<"RandomColorDegeneration">> RandomAdjustmentConfig<"RandomColorDegeneration">::make()
    const {
  return std::make_shared<RandomColorDegenerationLayer>(*this);
}
template <>
Made<Layer, RandomAdjustmentConfig<"RandomSharpness">> RandomAdjustmentConfig<"RandomSharpness">::make() const {
  return std::make_shared<RandomSharpnessLayer>(*this);
}
template struct RandomAdjustmentConfig<"RandomHue">;
template struct RandomAdjustmentConfig<"RandomSaturation">;
template struct RandomAdjustmentConfig<"RandomColorDegeneration">;
template struct RandomAdjustmentConfig<"RandomSharpness">;

}  // namespace cornu::keras::layers
