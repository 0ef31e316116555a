#include "cornu/keras/layers/attention/group_query_attention.h"

#include "cornu/keras/layers/attention/internal/projection.h"
#include "cornu/keras/layers/internal/weights.h"
#include "cornu/keras/saving/stored_as.h"

namespace cornu::keras::layers {
namespace {

using graph::require;

struct GroupQueryAttentionLayer final : Configured<MultiHeadAttentionLayer, GroupQueryAttentionConfig> {
  explicit GroupQueryAttentionLayer(GroupQueryAttentionConfig config) : Configured(std::move(config)) {
    internal::require_positive(who(), "head_dim", config_.head_dim);
    internal::require_positive(who(), "num_query_heads", config_.num_query_heads);
    internal::require_positive(who(), "num_key_value_heads", config_.num_key_value_heads);
    require<ValueError>(config_.num_query_heads % config_.num_key_value_heads == 0, who(),
                        "expected num_query_heads that num_key_value_heads divides, got ", config_.num_query_heads,
                        " and ", config_.num_key_value_heads);
    check_arguments();
    if (config_.dropout > 0) set_seed(config_.seed);
  }

  Arguments arguments() const override {
    return completed({.query_heads = config_.num_query_heads,
                      .key_heads = config_.num_key_value_heads,
                      .key_dim = config_.head_dim,
                      .value_dim = config_.head_dim,
                      .private_parts = true},
                     config_);
  }
  EinsumDenseConfig projection() const override { return internal::projection_of(config_); }
};

const bool registered =
    registry().add<GroupQueryAttentionLayer>("GroupQueryAttention", {"GroupedQueryAttention"}, {.since_keras3 = true});
const bool stored = saving::stored_as("GroupQueryAttention", "grouped_query_attention");

}  // namespace

void GroupQueryAttentionConfig::fields(ConfigVisitor& v) {
  v("head_dim", head_dim);
  v("num_query_heads", num_query_heads);
  v("num_key_value_heads", num_key_value_heads);
  v("dropout", dropout);
  v("use_bias", use_bias);
  v("sliding_window", sliding_window);
  v("flash_attention", flash_attention, {.only_read = true});
  internal::visit_behind_use_bias(*this, v);
  v("use_gate", use_gate);
  v("seed", seed);
}

Made<MultiHeadAttentionLayer, GroupQueryAttentionConfig> GroupQueryAttentionConfig::make() const {
  return std::make_shared<GroupQueryAttentionLayer>(*this);
}

}  // namespace cornu::keras::layers
