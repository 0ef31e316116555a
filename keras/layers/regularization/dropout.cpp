#include "cornu/keras/layers/regularization/dropout.h"

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/random.h"
#include "cornu/ops/native/select.h"

namespace cornu::keras::layers {
namespace {

using graph::require;

struct DropoutLayer final : Configured<Layer, DropoutConfig> {
  explicit DropoutLayer(DropoutConfig config) : Configured(std::move(config)) {
    require<ValueError>(config_.rate >= 0 && config_.rate <= 1, who(), "expected a rate from 0 to 1, got ",
                        config_.rate);
    for (const std::int64_t length : config_.noise_shape)
      require<ValueError>(length == kUnknown || length >= 1, who(),
                          "expected lengths of at least 1 in noise_shape, got ", config_.noise_shape);
    set_seed(config_.seed);
    set_supports_masking(true);
  }

  Tensor call(const Tensor& x, Context& ctx) override {
    if (!ctx.training() || config_.rate == 0) return x;
    if (config_.rate == 1) return ops::zeros_like(x);
    Shape mask = x.shape();
    if (config_.noise_shape.is_set()) {
      require<ShapeError>(config_.noise_shape.rank() == x.ndim(), who(), "noise_shape ", config_.noise_shape,
                          " needs as many axes as the input of shape ", x.shape());
      for (int axis = 0; axis < mask.rank(); ++axis)
        if (config_.noise_shape[axis] != kUnknown) mask[axis] = config_.noise_shape[axis];
    }
    const Tensor keep =
        ops::greater_equal(ops::random_uniform(random_state(ctx), mask), graph::constant(config_.rate, graph::float32));
    return ops::where(keep, x * (1 / (1 - config_.rate)), graph::constant(0, x.dtype()));
  }
};

const bool dropout_registered = registry().add<DropoutLayer>("Dropout");

}  // namespace

void DropoutConfig::fields(ConfigVisitor& v) {
  v("rate", rate, {.also_read = "p"});  // Keras 1's name
  v("noise_shape", noise_shape);
  v("seed", seed);
}

Made<Layer, DropoutConfig> DropoutConfig::make() const { return std::make_shared<DropoutLayer>(*this); }

}  // namespace cornu::keras::layers
