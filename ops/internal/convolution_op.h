#pragma once

#include "cornu/graph/op.h"
#include "cornu/ops/bfloat16.h"
#include "cornu/ops/internal/adds_up.h"
#include "cornu/ops/internal/contraction.h"
#include "cornu/ops/internal/windows.h"

namespace cornu::ops::internal {

/// What a convolution and its gradient by the data share: they make images from images and a kernel, input 1.
struct ImageContraction : Contraction, TakesBFloat16 {
  Windows windows;

  bool sums(const graph::Tensors& in) const override { return in[1].shape().elements() > 0; }
  std::optional<std::pair<std::int64_t, std::int64_t>> rows_and_columns(const graph::Tensors&,
                                                                        const graph::Shape& out) const override {
    return rows_of(out);
  }

 protected:
  void image_fields(graph::FieldVisitor& f) const {
    windows.fields(f);
    contraction_fields(f);
  }
};

/// Channels are last: x (batch, …, channels), kernel (…, channels / groups, filters) -> (batch, …, filters). Filters of
/// one group follow one another.
struct Convolution final : ImageContraction {
  std::string_view name() const override { return "convolution"; }
  void fields(graph::FieldVisitor& f) const override { image_fields(f); }
  graph::Specs infer(const graph::Specs& in) const override;
  graph::Tensors gradient(const graph::Backward& b) const override;
  /// Where the CPU multiplies bfloat16, and oneDNN has more than a plain loop for it.
  bool takes_bfloat16(const graph::Specs& in, const graph::Specs& out) const override;
  graph::Kernel plan(const graph::PlanRequest& request) const override;

  graph::Shape output_shape(const graph::Shape& x, const graph::Shape& kernel) const;
  bool takes_bias() const override { return true; }
  std::shared_ptr<Contraction> copy() const override { return std::make_shared<Convolution>(*this); }
};

/// What the gradients say beside the windows: of which convolution.
struct ConvolutionBackward {
  graph::Shape lengths;  ///< the spatial axes of what is computed
  std::int64_t groups = 1;

  void backward_fields(graph::FieldVisitor& f) const {
    f("lengths", lengths);
    f("groups", groups);
  }
};

/// The gradient of a convolution by its input, from that by its output and the kernel: also a transposed convolution.
struct ConvolutionBackwardData final : ImageContraction, ConvolutionBackward {
  std::string_view name() const override { return "convolution_backward_data"; }
  void fields(graph::FieldVisitor& f) const override {
    image_fields(f);
    backward_fields(f);
  }
  graph::Specs infer(const graph::Specs& in) const override;
  graph::Tensors gradient(const graph::Backward& b) const override;
  /// As Convolution's.
  bool takes_bfloat16(const graph::Specs& in, const graph::Specs& out) const override;
  graph::Kernel plan(const graph::PlanRequest& request) const override;

  graph::Shape input_shape(const graph::Shape& dy, const graph::Shape& kernel) const;
  bool takes_bias() const override { return false; }
  std::shared_ptr<Contraction> copy() const override { return std::make_shared<ConvolutionBackwardData>(*this); }
};

/// The gradient of a convolution by its kernel, from its input and the gradient by its output.
struct ConvolutionBackwardWeights final : graph::Op, ConvolutionBackward, TakesBFloat16, AddsUp {
  Windows windows;

  std::string_view name() const override { return "convolution_backward_weights"; }
  void fields(graph::FieldVisitor& f) const override {
    windows.fields(f);
    backward_fields(f);
  }
  graph::Specs infer(const graph::Specs& in) const override;
  graph::Tensors gradient(const graph::Backward& b) const override;
  /// As Convolution's.
  bool takes_bfloat16(const graph::Specs& in, const graph::Specs& out) const override;
  graph::Kernel plan(const graph::PlanRequest& request) const override;
  /// The images of all steps are images of one batch.
  graph::Tensor sum_over_steps(const graph::Node& node, const OverSteps& steps) const override;
};

}  // namespace cornu::ops::internal
