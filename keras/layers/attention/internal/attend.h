#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cornu/keras/context.h"

namespace cornu::keras::layers::internal {

/// How scores become weights.
struct Attending {
  std::optional<double> scale = std::nullopt;  ///< of the scores; undefined: 1
  double dropout = 0;                          ///< of the weights, in this call
  Tensor random_state = {};                    ///< for it
  bool keeps_scores = false;                   ///< for the caller, or because they are dropped out
  bool is_causal = false;
  std::int64_t sliding_window = 0;
  std::optional<bool> flash_attention = std::nullopt;
};

struct Attended {
  Tensor y;       ///< (batch, steps, heads, value dimension)
  Tensor scores;  ///< (batch, heads, steps, source steps) if they are kept
};

/// Dot-product attention in Keras' axes (`ops::dot_product_attention`); `mask` is undefined or broadcasts to the
/// scores.
Attended attend(const Tensor& query, const Tensor& key, const Tensor& value, const Tensor& mask,
                const Attending& config);

/// Scores as weights: their softmax, in which what is masked has no part, and dropped out.
struct Weights {
  Tensor whole, kept;  ///< before and after dropout
};
Weights weigh(const Tensor& scores, const Tensor& mask, const Attending& config);

/// A mask as bool.
Tensor truth(const Tensor& mask);
/// Both masks, of which either may be undefined.
Tensor both(const Tensor& a, const Tensor& b);

/// Throws ShapeError unless a mask broadcasts to these axes, where unknown lengths fit.
void require_mask(const std::string& who, const char* name, const Shape& mask, const Shape& axes);

}  // namespace cornu::keras::layers::internal
