#include "cornu/keras/layers/regularization/gaussian_noise.h"

#include "cornu/keras/layers/regularization/internal/noise.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/random.h"

namespace cornu::keras::layers {
namespace {

struct GaussianNoiseLayer final : Configured<Layer, GaussianNoiseConfig> {
  explicit GaussianNoiseLayer(GaussianNoiseConfig config) : Configured(std::move(config)) {
    internal::require_share(who(), "stddev", config_.stddev);
    set_seed(config_.seed);
    set_supports_masking(true);
  }

  Tensor call(const Tensor& x, Context& ctx) override {
    if (!ctx.training() || config_.stddev == 0) return x;
    return x + ops::cast(ops::random_normal(random_state(ctx), x.shape()) * config_.stddev, x.dtype());
  }
};

}  // namespace

void GaussianNoiseConfig::fields(ConfigVisitor& v) {
  v("stddev", stddev, {.also_read = "sigma"});  // Keras 1's name
  v("seed", seed);
}

CORNU_LAYER(GaussianNoiseConfig, GaussianNoiseLayer, "GaussianNoise");

}  // namespace cornu::keras::layers
