#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct AttentionConfig {
  bool use_scale = false;          ///< multiplies the scores by a weight
  std::string score_mode = "dot";  ///< "dot", or "concat": weight * sum(tanh(query + key))
  double dropout = 0;              ///< of the scores, while training
  std::optional<std::int64_t> seed = std::nullopt;
  CORNU_LAYER_CONFIG(AttentionConfig);
};

/// Each step of the query gets the values of a source's steps, weighed by the softmax of scores: called on {query,
/// value} or {query, value, key}, (batch, steps, features) and (batch, source steps, features) -> (batch, steps, the
/// value's features). Inputs may have further axes behind the batch's. Weights: scale, with use_scale;
/// concat_score_weight in mode "concat"; both scalars. A call takes `use_causal_mask` and `return_attention_scores`,
/// which gives the scores (batch, steps, source steps) as a second output, and masks of query and value (of the
/// tensors, or the list `mask`): steps of the query that are masked become 0, those of the value do not count.
///
/// Throws ValueError for another score_mode, a dropout that is no share and another number of inputs, ShapeError for
/// inputs and masks that do not fit. Keras: `layers.Attention`; Luong et al. 2015.
///
///     auto y = Attention()({query, value}, {.values = {{"use_causal_mask", true}}});
using Attention = Layer::Of<AttentionConfig>;

}  // namespace cornu::keras::layers
