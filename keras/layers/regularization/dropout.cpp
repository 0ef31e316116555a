#include "cornu/keras/layers/regularization/dropout.h"

#include "cornu/graph/leaf.h"
#include "cornu/keras/layers/regularization/internal/noise.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/select.h"

namespace cornu::keras::layers {
namespace {

struct DropoutLayer final : Configured<Layer, DropoutConfig> {
  explicit DropoutLayer(DropoutConfig config) : Configured(std::move(config)) {
    internal::require_share(who(), "rate", config_.rate);
    internal::require_noise_shape(who(), config_.noise_shape);
    set_seed(config_.seed);
    set_supports_masking(true);
  }

  Tensor call(const Tensor& x, Context& ctx) override {
    if (!ctx.training() || config_.rate == 0) return x;
    if (config_.rate == 1) return ops::zeros_like(x);
    const Shape mask = internal::mask_shape(who(), config_.noise_shape, x.shape());
    return ops::where(internal::kept(random_state(ctx), mask, config_.rate), x * (1 / (1 - config_.rate)),
                      graph::constant(0, x.dtype()));
  }
};

}  // namespace

void DropoutConfig::fields(ConfigVisitor& v) {
  v("rate", rate, {.also_read = "p"});  // Keras 1's name
  v("noise_shape", noise_shape);
  v("seed", seed);
}

CORNU_LAYER(DropoutConfig, DropoutLayer, "Dropout");

}  // namespace cornu::keras::layers
