#include "cornu/keras/layers/attention/additive_attention.h"

#include "cornu/graph/check.h"
#include "cornu/keras/layers/attention/internal/scored_attention.h"
#include "cornu/keras/layers/regularization/internal/noise.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::layers {
namespace {

struct AdditiveAttentionLayer final : internal::ScoredAttention<AdditiveAttentionConfig> {
  explicit AdditiveAttentionLayer(AdditiveAttentionConfig config) : ScoredAttention(std::move(config)) {
    internal::require_share(who(), "dropout", config_.dropout);
  }

  void build(const Shape& query) override {
    if (!config_.use_scale) return;
    graph::require<ShapeError>(query.back() != kUnknown, who(), "the query's last axis must be known, got shape ",
                               query);
    scale_ = add_weight({.name = "scale", .shape = {query.back()}});
  }

  Tensor scores(const Tensor& query, const Tensor& key) const override {
    const Tensor sum = ops::tanh(ops::expand_dims(query, 2) + ops::expand_dims(key, 1));
    return ops::sum(config_.use_scale ? sum * scale_ : sum, -1);
  }

 private:
  Variable scale_;
};

}  // namespace

void AdditiveAttentionConfig::fields(ConfigVisitor& v) {
  v("use_scale", use_scale);
  v("dropout", dropout);
  v("seed", seed, {.since_keras3 = true});
}

CORNU_LAYER(AdditiveAttentionConfig, AdditiveAttentionLayer, "AdditiveAttention");

}  // namespace cornu::keras::layers
