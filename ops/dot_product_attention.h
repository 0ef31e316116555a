#pragma once

#include <cstdint>
#include <optional>

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

struct DotProductAttentionConfig {
  Tensor bias = {};  ///< is added to the scores; broadcasts to (batch, heads, steps, source steps)
  Tensor mask = {};  ///< bool, broadcasts likewise: false where a score does not count
  std::optional<double> scale = std::nullopt;          ///< of the scores; 1 / sqrt(head dimension) unless given
  bool is_causal = false;                              ///< step i reads source steps up to number i
  std::optional<bool> flash_attention = std::nullopt;  ///< see below
  std::int64_t sliding_window = 0;  ///< above 0: step i reads source steps nearer to i than that. Not in Keras
};

/// softmax(query key^T scale + bias) value for each head: query (batch, steps, heads, dimension), key (batch, source
/// steps, key heads, dimension), value (batch, source steps, key heads, value dimension) -> (batch, steps, heads, value
/// dimension). Heads may be a multiple of the key heads, which then serve neighbours alike. Float32 or bfloat16; scores
/// and their softmax are float32. A step that no source step counts for gets the mean of all values, as in Keras.
///
/// The scores are never in memory as a whole, forward or backward, unless `flash_attention` is false; undefined, the
/// faster of both is taken. Throws ShapeError and TypeError for tensors that do not fit. Keras:
/// `ops.dot_product_attention`; Rabe and Staats 2021, Dao et al. 2022.
///
///     Tensor y = ops::dot_product_attention(q, k, v, {.is_causal = true});
Tensor dot_product_attention(const Tensor& query, const Tensor& key, const Tensor& value,
                             const DotProductAttentionConfig& config = {});

/// Which source steps count for each step, (steps, source steps), bool; undefined if all do.
Tensor attention_band(std::int64_t steps, std::int64_t source_steps, bool is_causal, std::int64_t sliding_window);

}  // namespace cornu::ops
