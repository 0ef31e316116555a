#include "cornu/keras/layers/normalization/rms_normalization.h"

#include "cornu/keras/layers/normalization/internal/axes.h"
#include "cornu/keras/layers/normalization/internal/moments.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::layers {
namespace {

struct RMSNormalizationLayer final : Configured<Layer, RMSNormalizationConfig> {
  using Configured::Configured;

  void build(const Shape& input) override {
    scale_ = add_weight({.name = "scale",
                         .shape = internal::lengths_along(who(), input, internal::axes_of(who(), config_.axis, input)),
                         .initializer = "ones"});
  }

  Tensor call(const Tensor& x, Context&) override {
    const std::vector<int> axes = internal::axes_of(who(), config_.axis, x.shape());
    const Tensor scale = internal::beside(who(), x.shape(), scale_, axes), wide = ops::cast(x, graph::float32),
                 mean = ops::mean(ops::square(wide), axes, graph::keepdims);
    return ops::cast(wide * internal::rsqrt(mean + config_.epsilon) * scale, compute_dtype());
  }

 private:
  Variable scale_;
};

}  // namespace

void RMSNormalizationConfig::fields(ConfigVisitor& v) {
  v("axis", axis, {.number_if_one = true});
  v("epsilon", epsilon);
}

CORNU_LAYER(RMSNormalizationConfig, RMSNormalizationLayer, "RMSNormalization", {}, {.since_keras3 = true});

}  // namespace cornu::keras::layers
