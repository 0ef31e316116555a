#include "cornu/keras/layers/preprocessing/mix_up.h"

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/keras/layers/preprocessing/internal/batch_mixing.h"
#include "cornu/ops/composite/random.h"

namespace cornu::keras::layers {
namespace {

struct MixUpLayer final : internal::BatchMixing<MixUpConfig> {
  explicit MixUpLayer(MixUpConfig config) : BatchMixing(std::move(config)) {
    complete();
    graph::require<ValueError>(config_.alpha > 0, who(), "expected a positive alpha, got ", config_.alpha);
  }

 protected:
  internal::Mixed mixed(const Tensor& images, Context& ctx) override {
    const Tensor x = ops::cast(images, float32), alpha = graph::constant(config_.alpha, float32);
    const Tensor share = ops::random_beta(random_state(ctx), {x.shape()[0], 1, 1, 1}, alpha, alpha);
    const Tensor order = random_order(x, ctx);
    return {as_floats(blended(x, order, share)), order, share};
  }
};

}  // namespace

void MixUpConfig::fields(ConfigVisitor& v) {
  v("alpha", alpha);
  internal::visit_format_and_seed(v, *this);
}

CORNU_LAYER(MixUpConfig, MixUpLayer, "MixUp", {}, {.since_keras3 = true});

}  // namespace cornu::keras::layers
