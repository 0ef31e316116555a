#pragma once

#include "cornu/ops/internal/matmul_op.h"

namespace cornu::ops::internal {

/// Multiplications that take about as long as one simple operation on an element.
inline constexpr std::int64_t kProductsPerOperation = 8;

/// One product of matrices: (m, k) times (k, n).
struct ProductSize {
  std::int64_t m, k, n;
};

/// Whether a product of float32 matrices takes less time if b is packed, by more than a sixteenth or so: not the small
/// ones, which are loops.
bool gains_by_packing(const Matmul& op, ProductSize size);

/// A matmul whose operands are single matrices, cut into parts along rows or columns: oneDNN's product, or a loop where
/// the product is small or has few rows, section by section; while a section's product is in cache the epilogue is
/// applied to it.
graph::Kernel plan_product(const Matmul& op, ProductSize size, const graph::PlanRequest& request);

}  // namespace cornu::ops::internal
