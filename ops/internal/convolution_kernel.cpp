#include "cornu/ops/internal/convolution_kernel.h"

#include "cornu/ops/onednn/reorder.h"

namespace cornu::ops::internal {

bool ConvolutionKernel::choose_layout() {
  const ConvolutionGeometry g = geometry();
  const auto any = g.any_kernel();
  layout = onednn::chosen(backward ? g.backward_data(any, 1) : g.forward(any, 1), dnnl_query_weights_md);
  return !onednn::same_layout(layout, g.plain_kernel());
}

void ConvolutionKernel::fields(graph::FieldVisitor& f) const {
  windows.fields(f);
  f("x", x);
  f("kernel", kernel);
  f("y", y);
  f("dtype", dtype);
  f("backward", backward);
}

graph::Kernel ConvolutionKernel::plan(const graph::PlanRequest&) const {
  std::vector<onednn::Piece> pieces;
  pieces.push_back(onednn::reorder(name(), geometry().plain_kernel(), layout));
  return onednn::kernel(name(), std::move(pieces));
}

}  // namespace cornu::ops::internal
