#include "cornu/graph/internal/sweep.h"
#include "cornu/graph/leaf.h"
#include "cornu/ops/internal/convolution_kernel.h"
#include "cornu/ops/internal/convolution_op.h"

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
  if (!pack->choose_layout()) return {};
  auto convolution = std::make_shared<Op>(op);
  convolution->packed = internal::PackedKernel{kernel.shape(), pack->layout};
  Tensors inputs = node.inputs();
  const graph::Specs bytes = pack->infer({});
  inputs[1] = Tensor(std::make_shared<const Node>(std::move(pack), Tensors{kernel}, bytes, node), 0);
  const auto made = std::make_shared<const Node>(std::move(convolution), std::move(inputs), node.outputs(), node);
  Tensors outputs;
  for (int i = 0; i < static_cast<int>(node.outputs().size()); ++i) outputs.emplace_back(made, i);
  return outputs;
}

bool is_convolution(const Node& node) {
  return graph::as<Convolution>(node.op()) || graph::as<ConvolutionBackwardData>(node.op());
}

Tensors pack_kernel(const Node& node, const Node&, const graph::Users&) {
  const auto* convolution = graph::as<Convolution>(node.op());
  const auto* backward = graph::as<ConvolutionBackwardData>(node.op());
  if (!convolution && !backward) return {};
  const Shape &images = node.inputs()[0].shape(), &kernel = node.inputs()[1].shape();
  if (convolution ? convolution->packed.has_value() : backward->packed.has_value()) return {};
  const Shape made = convolution ? convolution->output_shape(images, kernel) : backward->input_shape(images, kernel);
  if (made.elements() == 0) return {};
  return convolution ? packed(node, *convolution, images, made) : packed(node, *backward, made, images);
}

const bool pack_registered = graph::register_rewrite("fusion", 3, "pack", [](const graph::Outputs& outputs) {
  return graph::internal::sweep_where(outputs, is_convolution, pack_kernel);
});

}  // namespace
}  // namespace cornu::ops
