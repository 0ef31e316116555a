#pragma once

#include "cornu/graph/op.h"
#include "cornu/ops/internal/convolution_geometry.h"

namespace cornu::ops::internal {

/// A convolution's kernel in the layout that its primitive likes best, as bytes of no further meaning. Put in by a pass
/// (passes/pack_convolution.cpp), so that a kernel which lasts is laid out once (graph/passes: kept forms), and one
/// that is trained beside other steps.
struct ConvolutionKernel final : graph::Op {
  Windows windows;
  graph::Shape x, kernel, y;  ///< of the convolution
  graph::DType dtype = graph::float32;
  bool backward = false;      ///< for the pass to the data
  onednn::MemoryDesc layout;  ///< what the others decide on, see `choose_layout`

  ConvolutionGeometry geometry() const { return {name(), windows, x, kernel, y, dtype, dtype}; }
  /// Asks the primitive; false if the kernel lies as it should already.
  bool choose_layout();

  std::string_view name() const override { return "convolution_kernel"; }
  void fields(graph::FieldVisitor& f) const override;
  graph::Specs infer(const graph::Specs&) const override {
    return {{graph::uint8, {static_cast<std::int64_t>(layout.bytes())}}};
  }
  graph::Tensors gradient(const graph::Backward& b) const override { return no_gradient(b); }
  graph::Kernel plan(const graph::PlanRequest& request) const override;
};

}  // namespace cornu::ops::internal
