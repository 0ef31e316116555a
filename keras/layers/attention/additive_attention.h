#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct AdditiveAttentionConfig {
  bool use_scale = true;  ///< weighs features
  double dropout = 0;     ///< of the scores, while training
  std::optional<std::int64_t> seed = std::nullopt;
  CORNU_LAYER_CONFIG(AdditiveAttentionConfig);
};

/// Attention whose scores are sum(scale * tanh(query + key)) over the features, with the same inputs, calls, masks,
/// outputs and errors. Weight: scale, (features). Keras: `layers.AdditiveAttention`; Bahdanau et al. 2015.
///
/// `AdditiveAttention()({query, value})`, `AdditiveAttention({.use_scale = false})`.
using AdditiveAttention = Layer::Of<AdditiveAttentionConfig>;

}  // namespace cornu::keras::layers
