#pragma once

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

// What works on some rows of a table at the cost of those rows: of it an update of an Embedding is made that need not
// touch the others (ops/passes/update_rows.cpp). Indices are integers; negative ones count from the end.

/// Indices (n,) of a table of `rows` rows, each of them once: where one stands that stood before, or one that is out of
/// range, stands `rows`. Int64 (n,). No gradient.
Tensor distinct_rows(const Tensor& indices, std::int64_t rows);
/// The rows (m, …) that `scatter_add(indices, updates, {rows, …})` would have at `distinct` (m,), as distinct_rows
/// gives them; zeros where no row is. Float32, bfloat16, int32, int64. No gradient.
Tensor scattered_rows(const Tensor& distinct, const Tensor& indices, const Tensor& updates, std::int64_t rows);
/// `table` with `values` (m, …) in place of its rows at `distinct` (m,). In a plan it may be written into the table's
/// own memory. Any dtype. No gradient.
Tensor replace_rows(const Tensor& distinct, const Tensor& values, const Tensor& table);

}  // namespace cornu::ops
