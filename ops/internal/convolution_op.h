#pragma once

#include "cornu/graph/op.h"

namespace cornu::ops::internal {

/// How the windows of a convolution lie, for each spatial axis.
struct Windows {
  std::vector<std::int64_t> strides;
  std::vector<std::int64_t> dilation;   ///< distance of neighbours within a window
  std::vector<std::int64_t> low, high;  ///< zeros that are thought before and behind the input

  int axes() const { return static_cast<int>(strides.size()); }
  void fields(graph::FieldVisitor& f) const;
  /// How many windows of that length lie along an axis of such a length; below 1 if none does.
  std::int64_t count(int axis, std::int64_t length, std::int64_t window) const;
};

/// Channels are last: x (batch, …, channels), kernel (…, channels / groups, filters) -> (batch, …, filters). Filters of
/// one group follow one another.
struct Convolution final : graph::Op {
  Windows windows;

  std::string_view name() const override { return "convolution"; }
  void fields(graph::FieldVisitor& f) const override { windows.fields(f); }
  graph::Specs infer(const graph::Specs& in) const override;
  graph::Tensors gradient(const graph::Backward& b) const override;
  graph::Kernel plan(const graph::PlanRequest& request) const override;
};

/// The gradient of a convolution by its input, from that by its output and the kernel: also a transposed convolution.
struct ConvolutionBackwardData final : graph::Op {
  Windows windows;
  graph::Shape lengths;  ///< the input's spatial axes
  std::int64_t groups = 1;

  std::string_view name() const override { return "convolution_backward_data"; }
  void fields(graph::FieldVisitor& f) const override;
  graph::Specs infer(const graph::Specs& in) const override;
  graph::Tensors gradient(const graph::Backward& b) const override;
  graph::Kernel plan(const graph::PlanRequest& request) const override;
};

/// The gradient of a convolution by its kernel, from its input and the gradient by its output.
struct ConvolutionBackwardWeights final : graph::Op {
  Windows windows;
  graph::Shape lengths;  ///< the kernel's spatial axes
  std::int64_t groups = 1;

  std::string_view name() const override { return "convolution_backward_weights"; }
  void fields(graph::FieldVisitor& f) const override;
  graph::Specs infer(const graph::Specs& in) const override;
  graph::Tensors gradient(const graph::Backward& b) const override;
  graph::Kernel plan(const graph::PlanRequest& request) const override;
};

}  // namespace cornu::ops::internal
