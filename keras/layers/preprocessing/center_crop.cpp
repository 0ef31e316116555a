#include "cornu/keras/layers/preprocessing/center_crop.h"

#include "cornu/keras/layers/preprocessing/internal/image_layer.h"
#include "cornu/ops/image/resize.h"
#include "cornu/ops/native/slice.h"

namespace cornu::keras::layers {
namespace {

struct CenterCropLayer final : internal::ImageLayer<CenterCropConfig> {
  explicit CenterCropLayer(CenterCropConfig config) : ImageLayer(std::move(config)) { complete(); }

 protected:
  Tensor changed(const Tensor& images, Context&) override {
    const Tensor x = as_floats(images);
    const std::int64_t top = (height(x) - config_.height) / 2, left = (width(x) - config_.width) / 2;
    if (height(x) >= config_.height && width(x) >= config_.width)
      return ops::slice(ops::slice(x, height_axis(), top, top + config_.height), width_axis(), left,
                        left + config_.width);
    return ops::image::resize(x, {config_.height, config_.width},
                              {.crop_to_aspect_ratio = true, .data_format = config_.data_format});
  }
};

}  // namespace

void CenterCropConfig::fields(ConfigVisitor& v) {
  internal::visit_size(v, *this);
  internal::visit_data_format(v, data_format);
}

CORNU_LAYER(CenterCropConfig, CenterCropLayer, "CenterCrop");

}  // namespace cornu::keras::layers
