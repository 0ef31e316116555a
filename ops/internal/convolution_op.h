#pragma once

#include "cornu/graph/op.h"
#include "cornu/ops/bfloat16.h"
#include "cornu/ops/internal/contraction.h"
#include "cornu/ops/internal/windows.h"

namespace cornu::ops::internal {

/// Channels are last: x (batch, …, channels), kernel (…, channels / groups, filters) -> (batch, …, filters). Filters of
/// one group follow one another.
struct Convolution final : Contraction, TakesBFloat16 {
  Windows windows;
  graph::Shape packed = graph::Shape::unset();  ///< the kernel's shape, if input 1 is what ConvolutionKernel gives

  std::string_view name() const override { return "convolution"; }
  void fields(graph::FieldVisitor& f) const override {
    windows.fields(f);
    if (packed.is_set()) f("packed", packed);
    contraction_fields(f);
  }
  graph::Specs infer(const graph::Specs& in) const override;
  graph::Tensors gradient(const graph::Backward& b) const override;
  /// Where the CPU multiplies bfloat16, and oneDNN has more than a plain loop for it.
  bool takes_bfloat16(const graph::Specs& in, const graph::Specs& out) const override;
  graph::Kernel plan(const graph::PlanRequest& request) const override;

  graph::Shape output_shape(const graph::Shape& x, const graph::Shape& kernel) const;
  graph::Shape result_shape(const graph::Tensors& in) const { return output_shape(in[0].shape(), in[1].shape()); }
  bool takes_bias() const override { return true; }
  bool sums(const graph::Tensors& in) const override { return in[1].shape().elements() > 0; }
  std::shared_ptr<Contraction> copy() const override { return std::make_shared<Convolution>(*this); }
  std::optional<std::pair<std::int64_t, std::int64_t>> rows_and_columns(const graph::Tensors& in,
                                                                        const graph::Shape& out) const override {
    return rows_of_images(in, out);
  }
  /// Of images, one after the other: no section ends within one.
  static std::optional<std::pair<std::int64_t, std::int64_t>> rows_of_images(const graph::Tensors& in,
                                                                             const graph::Shape& out) {
    if (out.elements() == 0) return std::nullopt;
    return std::pair{out.elements() / out.back(), out.back()};
  }
};

/// What the gradients say beside the windows: of which convolution.
struct ConvolutionBackward {
  Windows windows;
  graph::Shape lengths;  ///< the spatial axes of what is computed
  std::int64_t groups = 1;

  void backward_fields(graph::FieldVisitor& f) const {
    windows.fields(f);
    f("lengths", lengths);
    f("groups", groups);
  }
};

/// The gradient of a convolution by its input, from that by its output and the kernel: also a transposed convolution.
struct ConvolutionBackwardData final : Contraction, ConvolutionBackward, TakesBFloat16 {
  graph::Shape packed = graph::Shape::unset();  ///< as a convolution's

  std::string_view name() const override { return "convolution_backward_data"; }
  void fields(graph::FieldVisitor& f) const override {
    backward_fields(f);
    if (packed.is_set()) f("packed", packed);
    contraction_fields(f);
  }
  graph::Shape input_shape(const graph::Shape& dy, const graph::Shape& kernel) const;
  graph::Shape result_shape(const graph::Tensors& in) const { return input_shape(in[0].shape(), in[1].shape()); }
  bool takes_bias() const override { return false; }
  bool sums(const graph::Tensors& in) const override { return in[1].shape().elements() > 0; }
  std::shared_ptr<Contraction> copy() const override { return std::make_shared<ConvolutionBackwardData>(*this); }
  std::optional<std::pair<std::int64_t, std::int64_t>> rows_and_columns(const graph::Tensors& in,
                                                                        const graph::Shape& out) const override {
    return Convolution::rows_of_images(in, out);
  }
  graph::Specs infer(const graph::Specs& in) const override;
  graph::Tensors gradient(const graph::Backward& b) const override;
  /// Where the CPU multiplies bfloat16, and oneDNN has more than a plain loop for it.
  bool takes_bfloat16(const graph::Specs& in, const graph::Specs& out) const override;
  graph::Kernel plan(const graph::PlanRequest& request) const override;
};

/// The gradient of a convolution by its kernel, from its input and the gradient by its output.
struct ConvolutionBackwardWeights final : graph::Op, ConvolutionBackward, TakesBFloat16 {
  std::string_view name() const override { return "convolution_backward_weights"; }
  void fields(graph::FieldVisitor& f) const override { backward_fields(f); }
  graph::Specs infer(const graph::Specs& in) const override;
  graph::Tensors gradient(const graph::Backward& b) const override;
  /// Where the CPU multiplies bfloat16, and oneDNN has more than a plain loop for it.
  bool takes_bfloat16(const graph::Specs& in, const graph::Specs& out) const override;
  graph::Kernel plan(const graph::PlanRequest& request) const override;
};

}  // namespace cornu::ops::internal
