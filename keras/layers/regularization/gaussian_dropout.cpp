#include "cornu/keras/layers/regularization/gaussian_dropout.h"

#include <cmath>

#include "cornu/graph/check.h"
#include "cornu/keras/layers/regularization/internal/noise.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/random.h"

namespace cornu::keras::layers {
namespace {

struct GaussianDropoutLayer final : Configured<Layer, GaussianDropoutConfig> {
  explicit GaussianDropoutLayer(GaussianDropoutConfig config) : Configured(std::move(config)) {
    internal::require_share(who(), "rate", config_.rate);
    set_seed(config_.seed);
    set_supports_masking(true);
  }

  Tensor call(const Tensor& x, Context& ctx) override {
    if (!ctx.training() || config_.rate == 0) return x;
    graph::require<ValueError>(config_.rate < 1, who(), "the noise of rate 1 is infinite: it cannot train");
    const double stddev = std::sqrt(config_.rate / (1 - config_.rate));
    return x * ops::cast(ops::random_normal(random_state(ctx), x.shape()) * stddev + 1, x.dtype());
  }
};

}  // namespace

void GaussianDropoutConfig::fields(ConfigVisitor& v) {
  v("rate", rate, {.also_read = "p"});  // Keras 1's name
  v("seed", seed);
}

CORNU_LAYER(GaussianDropoutConfig, GaussianDropoutLayer, "GaussianDropout");

}  // namespace cornu::keras::layers
