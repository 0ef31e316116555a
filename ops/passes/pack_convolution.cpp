#include "cornu/graph/internal/sweep.h"
#include "cornu/graph/leaf.h"
#include "cornu/ops/internal/convolution_kernel.h"
#include "cornu/ops/internal/convolution_op.h"
#include "cornu/ops/onednn/reorder.h"

// A convolution's kernel -> the kernel in its primitive's layout, as a step of its own.
namespace cornu::ops {
namespace {

using graph::Node;
using internal::Convolution;
using internal::ConvolutionBackwardData;
using internal::ConvolutionKernel;

/// The same convolution of a packed kernel, and what packs it; nothing where the kernel lies as it should.
template <class Op>
Tensors packed(const Node& node, const Op& op, const Shape& x, const Shape& y) {
  const Tensor& kernel = node.inputs()[1];
  auto pack = std::make_shared<ConvolutionKernel>();
  pack->windows = op.windows;
  pack->x = x;
  pack->kernel = kernel.shape();
  pack->y = y;
  pack->dtype = kernel.dtype();
  pack->backward = std::is_same_v<Op, ConvolutionBackwardData>;
  const auto layout = pack->layout();
  if (onednn::same_layout(layout, pack->geometry().plain_kernel())) return {};
  pack->bytes = layout.bytes();
  auto convolution = std::make_shared<Op>(op);
  convolution->packed = kernel.shape();
  Tensors inputs = node.inputs();
  const graph::Specs bytes = pack->infer({});
  inputs[1] = Tensor(std::make_shared<const Node>(std::move(pack), Tensors{kernel}, bytes, node), 0);
  const auto made = std::make_shared<const Node>(std::move(convolution), std::move(inputs), node.outputs(), node);
  Tensors outputs;
  for (int i = 0; i < static_cast<int>(node.outputs().size()); ++i) outputs.emplace_back(made, i);
  return outputs;
}

Tensors pack_kernel(const Node& node, const Node&, const graph::Users&) {
  const auto one = [&](const auto* op) {
    return op && !op->packed.is_set() && op->rows_and_columns(node.inputs(), op->result_shape(node.inputs()));
  };
  if (const auto* op = graph::as<Convolution>(node.op()); one(op))
    return packed(node, *op, node.inputs()[0].shape(), op->result_shape(node.inputs()));
  if (const auto* op = graph::as<ConvolutionBackwardData>(node.op()); one(op))
    return packed(node, *op, op->result_shape(node.inputs()), node.inputs()[0].shape());
  return {};
}

const bool pack_registered = graph::register_rewrite(
    "fusion", 3, "pack", [](const graph::Outputs& outputs) { return graph::internal::sweep(outputs, pack_kernel); });

}  // namespace
}  // namespace cornu::ops
