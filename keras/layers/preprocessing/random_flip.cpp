#include "cornu/keras/layers/preprocessing/random_flip.h"

#include <algorithm>

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/keras/layers/preprocessing/internal/image_layer.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/rearrange.h"
#include "cornu/ops/native/random.h"
#include "cornu/ops/native/select.h"

namespace cornu::keras::layers {
namespace {

struct RandomFlipLayer final : internal::ImageLayer<RandomFlipConfig> {
  explicit RandomFlipLayer(RandomFlipConfig config) : ImageLayer(std::move(config)) {
    complete();
    const std::string& mode = config_.mode;
    const bool both = mode == "horizontal_and_vertical";
    horizontal_ = both || mode == "horizontal";
    vertical_ = both || mode == "vertical";
    graph::require<ValueError>(horizontal_ || vertical_, who(),
                               "expected mode 'horizontal', 'vertical' or 'horizontal_and_vertical', got '", mode, "'");
  }

 protected:
  Tensor changed(const Tensor& images, Context& ctx) override {
    const Tensor x = as_floats(images);
    if (!ctx.training()) return x;
    const Tensor chance = ops::random_uniform(random_state(ctx), {x.shape()[0], 1, 1, 1});
    Tensor flipped = x;
    if (horizontal_) flipped = ops::flip(flipped, width_axis());
    if (vertical_) flipped = ops::flip(flipped, height_axis());
    return ops::where(ops::less_equal(chance, graph::constant(0.5, float32)), flipped, x);
  }

 private:
  bool horizontal_ = false, vertical_ = false;
};

}  // namespace

void RandomFlipConfig::fields(ConfigVisitor& v) {
  v("mode", mode);
  internal::visit_random(v, *this);
}

CORNU_LAYER(RandomFlipConfig, RandomFlipLayer, "RandomFlip");

}  // namespace cornu::keras::layers
