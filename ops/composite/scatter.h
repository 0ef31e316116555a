#pragma once

#include <string_view>
#include <vector>

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

// Names and arguments as in keras.ops. Indices (…, k) are integers; each row of k says where along the first k axes of
// a tensor a part lies, which has the shape of its other axes. Negative ones count from the end; what lies outside is
// left out.

/// zeros(shape) with `values` (…, other axes) added at the indices. Float32, bfloat16, int32, int64.
Tensor scatter(const Tensor& indices, const Tensor& values, const graph::Shape& shape);
/// `inputs` with `updates` in place of the parts at the indices; of several updates of one part the last one counts,
/// and has the gradient. Any dtype. With reduction "add" they are added instead: float32, bfloat16, int32, int64.
/// Throws ValueError for another reduction.
Tensor scatter_update(const Tensor& inputs, const Tensor& indices, const Tensor& updates,
                      std::string_view reduction = "");
/// `inputs` with `updates`, of the same rank, in place of what lies from `start_indices` on. Any dtype. Throws
/// ShapeError if they do not lie within. Keras also takes starts that are computed.
Tensor slice_update(const Tensor& inputs, const std::vector<std::int64_t>& start_indices, const Tensor& updates);

}  // namespace cornu::ops
