#include "cornu/keras/layers/attention/attention.h"

#include "cornu/graph/check.h"
#include "cornu/keras/layers/attention/internal/scored_attention.h"
#include "cornu/keras/layers/regularization/internal/noise.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/matmul.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::layers {
namespace {

struct AttentionLayer final : internal::ScoredAttention<AttentionConfig> {
  explicit AttentionLayer(AttentionConfig config) : ScoredAttention(std::move(config)) {
    graph::require<ValueError>(config_.score_mode == "dot" || config_.score_mode == "concat", who(),
                               "expected score_mode 'dot' or 'concat', got '", config_.score_mode, "'");
    internal::require_share(who(), "dropout", config_.dropout);
  }

  void build(const Shape&) override {
    if (config_.use_scale) scale_ = add_weight({.name = "scale", .shape = {}, .initializer = "ones"});
    if (config_.score_mode == "concat")
      weight_ = add_weight({.name = "concat_score_weight", .shape = {}, .initializer = "ones"});
  }

  Tensor multiplied_query(const Tensor& query) const override {
    return config_.score_mode == "concat" ? Tensor() : config_.use_scale ? query * scale_ : query;
  }
  Tensor scores(const Tensor& query, const Tensor& key) const override {
    if (config_.score_mode == "dot") return ops::matmul(multiplied_query(query), key, {.transpose_b = true});
    const Tensor sum = ops::expand_dims(query, 2) + ops::expand_dims(key, 1);
    return ops::sum(ops::tanh(config_.use_scale ? sum * scale_ : sum), -1) * weight_;
  }

 private:
  Variable scale_, weight_;
};

}  // namespace

void AttentionConfig::fields(ConfigVisitor& v) {
  v("use_scale", use_scale);
  v("score_mode", score_mode);
  v("dropout", dropout);
  v("seed", seed, {.since_keras3 = true});
}

CORNU_LAYER(AttentionConfig, AttentionLayer, "Attention");

}  // namespace cornu::keras::layers
