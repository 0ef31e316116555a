#pragma once

#include <cstdint>
#include <limits>
#include <optional>

#include "cornu/graph/plan/kernel.h"

namespace cornu::ops::internal {

/// The score of what is masked: Keras'. A step that no source step counts for has no other scores.
inline constexpr float kExcludedScore = -0.7F * std::numeric_limits<float>::max();

/// Attention of query (batch, steps, heads, dim), key (batch, source, key_heads, dim) and value (batch, source,
/// key_heads, value_dim), float32.
struct AttentionProblem {
  std::int64_t batch = 0, steps = 0, source = 0, heads = 0, key_heads = 0, dim = 0, value_dim = 0;
  float scale = 1;
  bool is_causal = false;
  std::int64_t sliding_window = 0;  ///< 0: none

  /// Where an input that broadcasts to the scores has an element: distances along their axes, 0 where it is repeated.
  struct Scores {
    int input = 0;
    std::int64_t batch = 0, heads = 0, steps = 0, source = 0;
  };
  std::optional<Scores> mask = std::nullopt, bias = std::nullopt;  ///< bool; float32

  std::int64_t scores() const { return batch * heads * steps * source; }
};

/// Inputs query, key, value; outputs y (batch, steps, heads, value_dim) and the logarithm of each softmax's denominator
/// (batch, heads, steps), which is infinite where no source step counts. Blocks of queries go over blocks of keys: of
/// the scores there is one block for each part of the work.
graph::Kernel plan_attention(const AttentionProblem& problem, const graph::PlanRequest& request);

/// Inputs query, key, value, y, those logarithms, and dy; outputs the gradients by query, key and value. Scores are
/// computed anew.
graph::Kernel plan_attention_backward(const AttentionProblem& problem, const graph::PlanRequest& request);

}  // namespace cornu::ops::internal
