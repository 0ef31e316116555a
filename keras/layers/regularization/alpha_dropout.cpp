#include "cornu/keras/layers/regularization/alpha_dropout.h"

#include <cmath>

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/keras/layers/regularization/internal/noise.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/select.h"

namespace cornu::keras::layers {
namespace {

// What selu tends to: minus the product of its two constants.
constexpr double kDropped = -1.6732632423543772848170429916717 * 1.0507009873554804934193349852946;

struct AlphaDropoutLayer final : Configured<Layer, AlphaDropoutConfig> {
  explicit AlphaDropoutLayer(AlphaDropoutConfig config) : Configured(std::move(config)) {
    internal::require_share(who(), "rate", config_.rate);
    internal::require_noise_shape(who(), config_.noise_shape);
    set_seed(config_.seed);
    set_supports_masking(true);
  }

  Tensor call(const Tensor& x, Context& ctx) override {
    const double rate = config_.rate;
    if (!ctx.training() || rate == 0) return x;
    graph::require<ValueError>(rate < 1, who(), "nothing is left of mean and variance at rate 1: it cannot train");
    const Shape shape = internal::mask_shape(who(), config_.noise_shape, x.shape());
    const Tensor kept = internal::kept(random_state(ctx), shape, rate);
    const double a = 1 / std::sqrt((1 - rate) * (1 + rate * kDropped * kDropped)), b = -a * kDropped * rate;
    return ops::where(kept, x, graph::constant(kDropped, x.dtype())) * a + b;
  }
};

}  // namespace

void AlphaDropoutConfig::fields(ConfigVisitor& v) {
  v("rate", rate);
  v("noise_shape", noise_shape);
  v("seed", seed);
}

CORNU_LAYER(AlphaDropoutConfig, AlphaDropoutLayer, "AlphaDropout");

}  // namespace cornu::keras::layers
