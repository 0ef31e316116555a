#include "cornu/keras/layers/preprocessing/resizing.h"

#include "cornu/keras/layers/preprocessing/internal/image_layer.h"
#include "cornu/ops/image/resize.h"

namespace cornu::keras::layers {
namespace {

struct ResizingLayer final : internal::ImageLayer<ResizingConfig> {
  explicit ResizingLayer(ResizingConfig config) : ImageLayer(std::move(config)) {
    complete();
    resizing().check(who());
  }

 protected:
  Tensor changed(const Tensor& images, Context&) override {
    return ops::image::resize(images, {config_.height, config_.width}, resizing());
  }

 private:
  ops::image::ResizeConfig resizing() const {
    return {.interpolation = config_.interpolation,
            .antialias = config_.antialias,
            .crop_to_aspect_ratio = config_.crop_to_aspect_ratio,
            .pad_to_aspect_ratio = config_.pad_to_aspect_ratio,
            .fill_mode = config_.fill_mode,
            .fill_value = config_.fill_value,
            .data_format = config_.data_format};
  }
};

}  // namespace

void ResizingConfig::fields(ConfigVisitor& v) {
  internal::visit_size(v, *this);
  v("interpolation", interpolation);
  v("crop_to_aspect_ratio", crop_to_aspect_ratio);
  v("pad_to_aspect_ratio", pad_to_aspect_ratio, {.since_keras3 = true});
  v("fill_mode", fill_mode, {.only_keras3 = true});  // these two say how to pad
  v("fill_value", fill_value, {.only_keras3 = true});
  v("antialias", antialias, {.since_keras3 = true});
  internal::visit_data_format(v, data_format);
}

CORNU_LAYER(ResizingConfig, ResizingLayer, "Resizing");

}  // namespace cornu::keras::layers
