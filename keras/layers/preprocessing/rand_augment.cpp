#include "cornu/keras/layers/preprocessing/rand_augment.h"

#include "cornu/graph/check.h"
#include "cornu/keras/field_value.h"
#include "cornu/keras/layers/preprocessing/internal/augmentations.h"
#include "cornu/keras/layers/preprocessing/internal/image_layer.h"

namespace cornu::keras::layers {
namespace {

struct RandAugmentLayer final : internal::ImageLayer<RandAugmentConfig> {
  explicit RandAugmentLayer(RandAugmentConfig config) : ImageLayer(std::move(config)) {
    complete();
    internal::require_value_range(who(), config_.value_range);
    internal::complete_bounds(who(), "factor", config_.factor, 0, 1);
    graph::require<ValueError>(config_.num_ops >= 0, who(), "expected num_ops of at least 0, got ", config_.num_ops);
    parts_ = internal::augmentations({.factor = config_.factor,
                                      .value_range = config_.value_range,
                                      .interpolation = config_.interpolation,
                                      .data_format = config_.data_format,
                                      .dtype = dtype_policy().name()},
                                     true);
  }

 protected:
  Tensor changed(const Tensor& images, Context& ctx) override {
    Tensor y = as_floats(images);
    if (!ctx.training()) return y;
    const Tensor state = random_state(ctx);
    std::int64_t stream = 0;
    for (int i = 0; i < config_.num_ops; ++i) y = internal::call_any(parts_, false, y, state, stream);
    return y;
  }

 private:
  std::vector<Shared<Layer>> parts_;
};

}  // namespace

void RandAugmentConfig::fields(ConfigVisitor& v) {
  v("value_range", value_range);
  v("num_ops", num_ops);
  v.visit({"factor"}, &factor);
  v("interpolation", interpolation);
  internal::visit_random(v, *this);
}

CORNU_LAYER(RandAugmentConfig, RandAugmentLayer, "RandAugment", {}, {.since_keras3 = true});

}  // namespace cornu::keras::layers
