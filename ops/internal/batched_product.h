#pragma once

#include "cornu/ops/internal/product.h"

namespace cornu::ops::internal {

/// Products of matrices side by side, one for each place of the leading axes `batch`, over which those of an operand
/// may broadcast.
struct BatchedProduct {
  graph::Shape batch_a, batch_b, batch;  ///< of one rank, above 0
  ProductSize size;
};

/// A matmul of several products, computed by oneDNN's primitive for all of them, in parts along the first leading axis
/// or along rows. What is fused with it comes with it, but for an epilogue.
graph::Kernel plan_batched_product(const Matmul& op, const BatchedProduct& product, const graph::PlanRequest& request);

}  // namespace cornu::ops::internal
