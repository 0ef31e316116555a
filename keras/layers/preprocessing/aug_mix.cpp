#include "cornu/keras/layers/preprocessing/aug_mix.h"

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/keras/field_value.h"
#include "cornu/keras/layers/preprocessing/internal/augmentations.h"
#include "cornu/keras/layers/preprocessing/internal/image_layer.h"
#include "cornu/ops/composite/random.h"
#include "cornu/ops/native/slice.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::layers {
namespace {

using graph::require;

struct AugMixLayer final : internal::ImageLayer<AugMixConfig> {
  explicit AugMixLayer(AugMixConfig config) : ImageLayer(std::move(config)) {
    complete();
    internal::require_value_range(who(), config_.value_range);
    internal::complete_bounds(who(), "factor", config_.factor, 0, 1);
    require<ValueError>(config_.num_chains > 0, who(), "expected a positive num_chains, got ", config_.num_chains);
    require<ValueError>(config_.chain_depth >= 0, who(), "expected a chain_depth of at least 0, got ",
                        config_.chain_depth);
    require<ValueError>(config_.alpha > 0, who(), "expected a positive alpha, got ", config_.alpha);
    parts_ = internal::augmentations({.factor = config_.factor,
                                      .value_range = config_.value_range,
                                      .interpolation = config_.interpolation,
                                      .data_format = config_.data_format,
                                      .dtype = dtype_policy().name()},
                                     config_.all_ops);
  }

 protected:
  Tensor changed(const Tensor& images, Context& ctx) override {
    const Tensor x = as_floats(images);
    if (!ctx.training()) return x;
    const Tensor alpha = graph::constant(config_.alpha, float32);
    // Of a Dirichlet distribution, which is made of gamma numbers.
    const Tensor gammas = ops::random_gamma(random_state(ctx), {config_.num_chains, 1, 1, 1}, alpha);
    const Tensor above_zero = gammas + 1e-30, shares = above_zero / ops::sum(above_zero);
    const Tensor kept = ops::random_beta(random_state(ctx), {1, 1, 1, 1}, alpha, alpha);
    const Tensor state = random_state(ctx);
    std::int64_t stream = 0;
    Tensor mixed;
    for (std::int64_t chain = 0; chain < config_.num_chains; ++chain) {
      Tensor y = x;
      for (int i = 0; i < config_.chain_depth; ++i) y = internal::call_any(parts_, true, y, state, stream);
      const Tensor part = ops::cast(y, float32) * ops::slice(shares, 0, chain, chain + 1);
      mixed = chain == 0 ? part : mixed + part;
    }
    const Tensor y = kept * ops::cast(x, float32) + (1 - kept) * mixed;
    return as_floats(in_value_range(y));
  }

 private:
  std::vector<Shared<Layer>> parts_;
};

}  // namespace

void AugMixConfig::fields(ConfigVisitor& v) {
  v("value_range", value_range);
  v("num_chains", num_chains);
  v("chain_depth", chain_depth);
  v.visit({"factor"}, &factor);
  v("alpha", alpha);
  v("all_ops", all_ops);
  v("interpolation", interpolation);
  internal::visit_random(v, *this);
}

CORNU_LAYER(AugMixConfig, AugMixLayer, "AugMix", {}, {.since_keras3 = true});

}  // namespace cornu::keras::layers
