#include "cornu/keras/layers/preprocessing/random_crop.h"

#include <algorithm>

#include "cornu/graph/leaf.h"
#include "cornu/keras/layers/preprocessing/internal/image_layer.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/image/resize.h"
#include "cornu/ops/native/gather.h"
#include "cornu/ops/native/slice.h"

namespace cornu::keras::layers {
namespace {

struct RandomCropLayer final : internal::ImageLayer<RandomCropConfig> {
  explicit RandomCropLayer(RandomCropConfig config) : ImageLayer(std::move(config)) { complete(); }

  graph::Specs compute_output_specs(const graph::Specs& inputs) override {
    ensure_built_for(inputs);
    internal::require_pictures(who(), inputs.at(0).shape);
    return {{compute_dtype(),
             internal::resized_shape(inputs[0].shape, config_.data_format, config_.height, config_.width)}};
  }

 protected:
  Tensor changed(const Tensor& images, Context& ctx) override {
    const Tensor x = as_floats(images);
    if (!ctx.training()) return x;
    if (height(x) > config_.height && width(x) > config_.width) {
      const Tensor rows = random_part(x, height_axis(), config_.height, ctx);
      return random_part(rows, width_axis(), config_.width, ctx);
    }
    // Keras begins where the middle part of these proportions does, and takes as much of its size as there is.
    const std::int64_t rows = std::clamp<std::int64_t>(width(x) * config_.height / config_.width, 1, height(x)),
                       columns = std::clamp<std::int64_t>(height(x) * config_.width / config_.height, 1, width(x));
    const Tensor part = from(from(x, height_axis(), (height(x) - rows) / 2, config_.height), width_axis(),
                             (width(x) - columns) / 2, config_.width);
    return ops::image::resize(part, {config_.height, config_.width}, {.data_format = config_.data_format});
  }

 private:
  Tensor random_part(const Tensor& x, int axis, std::int64_t length, Context& ctx) {
    const auto places = static_cast<double>(x.shape()[axis] - length + 1);
    const Tensor start = ops::cast(internal::uniform(random_state(ctx), {1}, {0, places}), int32);
    return ops::take(x, start + graph::constant(graph::arange(0, static_cast<double>(length), 1, int32)), axis);
  }
  static Tensor from(const Tensor& x, int axis, std::int64_t start, std::int64_t length) {
    return ops::slice(x, axis, start, std::min(start + length, x.shape()[axis]));
  }
};

}  // namespace

void RandomCropConfig::fields(ConfigVisitor& v) {
  internal::visit_size(v, *this);
  internal::visit_random(v, *this);
  v.not_in_keras2("RandomCrop that leaves pictures as they are outside of training");
}

CORNU_LAYER(RandomCropConfig, RandomCropLayer, "RandomCrop");

}  // namespace cornu::keras::layers
