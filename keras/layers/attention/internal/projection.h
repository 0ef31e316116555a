#pragma once

#include "cornu/graph/check.h"
#include "cornu/keras/layers/core/einsum_dense.h"

namespace cornu::keras::layers::internal {

/// What a config with the arguments of kernels and biases gives its projections.
template <class Config>
EinsumDenseConfig projection_of(const Config& c) {
  return {.kernel_initializer = c.kernel_initializer,
          .bias_initializer = c.bias_initializer,
          .kernel_regularizer = c.kernel_regularizer,
          .bias_regularizer = c.bias_regularizer,
          .activity_regularizer = c.activity_regularizer,
          .kernel_constraint = c.kernel_constraint,
          .bias_constraint = c.bias_constraint};
}

/// Throws ValueError unless an argument is above 0.
inline void require_positive(const std::string& who, const char* name, std::int64_t value) {
  graph::require<ValueError>(value > 0, who, "expected a positive ", name, ", got ", value);
}

}  // namespace cornu::keras::layers::internal
