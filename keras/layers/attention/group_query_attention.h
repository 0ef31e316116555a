#pragma once

#include "cornu/keras/layers/attention/multi_head_attention.h"

namespace cornu::keras::layers {

struct GroupQueryAttentionConfig {
  int head_dim = 0;                                  ///< of each head; required
  int num_query_heads = 0;                           ///< required
  int num_key_value_heads = 0;                       ///< divides the heads of the query; required
  double dropout = 0;                                ///< of the scores, while training
  bool use_bias = true;                              ///< of all projections
  std::optional<int> sliding_window = std::nullopt;  ///< step i reads source steps nearer to i than that
  std::optional<bool> flash_attention =
      std::nullopt;  ///< true: never keep scores, an error with dropout or their return
  CORNU_ARGUMENTS_BEHIND_USE_BIAS(kernel);
  bool use_gate = false;  ///< multiplies what heads give by sigmoid(a projection of the query)
  std::optional<std::int64_t> seed = std::nullopt;
  CORNU_LAYER_ARGUMENTS;
  using positional = Positions<&GroupQueryAttentionConfig::head_dim, &GroupQueryAttentionConfig::num_query_heads,
                               &GroupQueryAttentionConfig::num_key_value_heads>;
  void fields(ConfigVisitor& v);
  Made<MultiHeadAttentionLayer, GroupQueryAttentionConfig> make() const;
};

/// MultiHeadAttention in which neighbouring heads of the query share heads of key and value: query (batch, steps,
/// features), value and key (batch, source steps, features) -> (batch, steps, features). Sublayers, calls and masks as
/// there. Throws ValueError also for heads that the key's do not divide. Keras: `layers.GroupQueryAttention`; Ainslie
/// et al. 2023.
///
///     auto y = GroupQueryAttention(64, 8, 2)(x, x, AttentionCall{.use_causal_mask = true});
using GroupQueryAttention = MultiHeadAttentionLayer::Of<GroupQueryAttentionConfig>;

}  // namespace cornu::keras::layers
