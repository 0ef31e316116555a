#pragma once

#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

using graph::KeepDims;
using graph::keepdims;

/// What a reduction goes over: all axes unless some are named, `sum(x)`, `sum(x, -1)`, `sum(x, {0, 2})`. They count
/// from the end if negative; an empty vector is no axis at all. Keras: `axis=None`, `axis=-1`, `axis=(0, 2)`.
class CORNU_EXPORT AxesOrAll {
 public:
  AxesOrAll() = default;
  AxesOrAll(int axis) : all_(false), list_{axis} {}                          // NOLINT: one
  AxesOrAll(std::initializer_list<int> axes) : all_(false), list_(axes) {}   // NOLINT: several
  AxesOrAll(std::vector<int> axes) : all_(false), list_(std::move(axes)) {}  // NOLINT: several

  bool all() const { return all_; }
  const std::vector<int>& list() const { return list_; }
  /// Those of a shape, counted from the front, the first one first. Throws ShapeError for an axis that is not there,
  /// ValueError for one that is named twice, with texts that begin with the op's name.
  std::vector<int> of(std::string_view op, const graph::Shape& shape) const;

 private:
  bool all_ = true;
  std::vector<int> list_;
};

// Of float32, bfloat16, bools and integers. Sums and products of bools and integers are int64, as in NumPy, means
// float32; maximum and minimum keep the dtype. Gradients of max and min are shared among equal elements, as in Keras on
// TensorFlow. Of nothing: 0 for the sum, 1 for the product, NaN for the mean, and for max the least number there is.
Tensor sum(const Tensor& x, const AxesOrAll& axis = {}, KeepDims keep = KeepDims::no);
Tensor mean(const Tensor& x, const AxesOrAll& axis = {}, KeepDims keep = KeepDims::no);
Tensor max(const Tensor& x, const AxesOrAll& axis = {}, KeepDims keep = KeepDims::no);
Tensor min(const Tensor& x, const AxesOrAll& axis = {}, KeepDims keep = KeepDims::no);
Tensor prod(const Tensor& x, const AxesOrAll& axis = {}, KeepDims keep = KeepDims::no);

/// Sums x over the axes along which `shape` was broadcast to x's shape: the gradient of broadcasting.
Tensor sum_to(const Tensor& x, const graph::Shape& shape);

}  // namespace cornu::ops
