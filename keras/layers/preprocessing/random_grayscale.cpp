#include "cornu/keras/layers/preprocessing/random_grayscale.h"

#include "cornu/graph/check.h"
#include "cornu/keras/layers/preprocessing/internal/image_layer.h"
#include "cornu/ops/image/color.h"
#include "cornu/ops/native/select.h"

namespace cornu::keras::layers {
namespace {

struct RandomGrayscaleLayer final : internal::ImageLayer<RandomGrayscaleConfig> {
  explicit RandomGrayscaleLayer(RandomGrayscaleConfig config) : ImageLayer(std::move(config)) {
    complete();
    graph::require<ValueError>(config_.factor >= 0 && config_.factor <= 1, who(), "expected a factor from 0 to 1, got ",
                               config_.factor);
  }

 protected:
  Tensor changed(const Tensor& images, Context& ctx) override {
    if (!ctx.training()) return images;
    const Tensor grey = chosen(images, {config_.factor, config_.factor}, ctx);
    return ops::where(grey, ops::image::rgb_to_grayscale(images, config_.data_format), images);
  }
};

}  // namespace

void RandomGrayscaleConfig::fields(ConfigVisitor& v) {
  v("factor", factor);
  internal::visit_format_and_seed(v, *this);
}

CORNU_LAYER(RandomGrayscaleConfig, RandomGrayscaleLayer, "RandomGrayscale", {}, {.since_keras3 = true});

}  // namespace cornu::keras::layers
