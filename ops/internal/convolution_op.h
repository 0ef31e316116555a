#pragma once

#include "cornu/graph/op.h"
#include "cornu/ops/internal/windows.h"

namespace cornu::ops::internal {

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

/// What the gradients say beside the windows: of which convolution.
struct ConvolutionBackward : graph::Op {
  Windows windows;
  graph::Shape lengths;  ///< the spatial axes of what is computed
  std::int64_t groups = 1;

  void fields(graph::FieldVisitor& f) const override {
    windows.fields(f);
    f("lengths", lengths);
    f("groups", groups);
  }
};

/// The gradient of a convolution by its input, from that by its output and the kernel: also a transposed convolution.
struct ConvolutionBackwardData final : ConvolutionBackward {
  std::string_view name() const override { return "convolution_backward_data"; }
  graph::Specs infer(const graph::Specs& in) const override;
  graph::Tensors gradient(const graph::Backward& b) const override;
  graph::Kernel plan(const graph::PlanRequest& request) const override;
};

/// The gradient of a convolution by its kernel, from its input and the gradient by its output.
struct ConvolutionBackwardWeights final : ConvolutionBackward {
  std::string_view name() const override { return "convolution_backward_weights"; }
  graph::Specs infer(const graph::Specs& in) const override;
  graph::Tensors gradient(const graph::Backward& b) const override;
  graph::Kernel plan(const graph::PlanRequest& request) const override;
};

}  // namespace cornu::ops::internal
