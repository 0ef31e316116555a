#include "cornu/ops/convolution.h"

#include "cornu/graph/check.h"
#include "cornu/ops/internal/convolution_geometry.h"
#include "cornu/ops/internal/convolution_op.h"
#include "cornu/ops/internal/floating.h"
#include "cornu/ops/internal/matmul_primitive.h"
#include "cornu/ops/native/reshape.h"

namespace cornu::ops {
namespace internal {
namespace {

using graph::require;
using graph::ShapeError;

template <class Backward>
std::shared_ptr<Backward> backward(const Windows& windows, const Shape& x, const Shape& kernel, Shape lengths) {
  auto op = std::make_shared<Backward>();
  op->windows = windows;
  op->lengths = std::move(lengths);
  op->groups = x.back() / kernel[kernel.rank() - 2];
  return op;
}

std::shared_ptr<ConvolutionBackwardData> backward_data(const Windows& windows, const Shape& x, const Shape& kernel) {
  return backward<ConvolutionBackwardData>(windows, x, kernel, x.drop_front().drop_back());
}

std::shared_ptr<ConvolutionBackwardWeights> backward_weights(const Windows& windows, const Shape& x,
                                                             const Shape& kernel) {
  return backward<ConvolutionBackwardWeights>(windows, x, kernel, kernel.drop_back(2));
}

std::shared_ptr<Convolution> forward(const Windows& windows) {
  auto op = std::make_shared<Convolution>();
  op->windows = windows;
  return op;
}

void require_one_dtype(std::string_view op, const Specs& in) {
  require_computed(op, in[0]);
  require<graph::TypeError>(in[0].dtype == in[1].dtype, op, ": expected two tensors of one dtype, got ", in[0], " and ",
                            in[1]);
}

/// The shape of what a convolution gives.
Shape output_shape(std::string_view op, const Windows& windows, const Shape& x, const Shape& kernel) {
  const int axes = windows.axes();
  require<ShapeError>(x.rank() == axes + 2 && kernel.rank() == axes + 2, op, ": expected an input and a kernel of ",
                      axes + 2, " axes, got shapes ", x, " and ", kernel);
  const std::int64_t channels = x.back(), in = kernel[axes], filters = kernel.back();
  require<ShapeError>(in > 0 && channels % in == 0, op, ": ", channels, " channels of shape ", x,
                      " are no multiple of the ", in, " that a kernel of shape ", kernel, " reads");
  require<ShapeError>(filters > 0 && channels > 0 && filters % (channels / in) == 0, op, ": the ", filters,
                      " filters of shape ", kernel, " cannot be shared out among ", channels / in, " groups");
  Shape y{x.front()};
  for (int axis = 0; axis < axes; ++axis) {
    const std::int64_t count = windows.count(axis, x[axis + 1], kernel[axis]);
    require<ShapeError>(kernel[axis] > 0 && count > 0, op, ": no window of lengths ", kernel.drop_back(2),
                        " fits into an input of lengths ", x.drop_front().drop_back());
    y = y.append(count);
  }
  return y.append(filters);
}

/// Whether oneDNN has a kernel of its own for what `describe` gives.
template <class Describe>
bool computes_bfloat16(const Shape& result, Describe&& describe) {
  if (result.elements() == 0 || !multiplies_bfloat16()) return false;
  try {
    return !onednn::implementation(describe().get()).starts_with("ref");
  } catch (const graph::Error&) {
    return false;  // unimplemented
  }
}

}  // namespace

Shape Convolution::output_shape(const Shape& x, const Shape& kernel) const {
  return internal::output_shape(name(), windows, x, kernel);
}

Specs Convolution::infer(const Specs& in) const {
  if (!packed) require_one_dtype(name(), in);
  const Shape y = output_shape(in[0].shape, kernel_shape(in));
  if (bias)
    require<ShapeError>(in[2] == graph::Spec{in[0].dtype, {y.back()}}, name(), ": expected a bias of shape (", y.back(),
                        ",), got ", in[2]);
  return epilogue ? epilogue->results : Specs{{in[0].dtype, y}};
}

// The three ops are linear in each of their inputs, and each is the gradient of the others.
Tensors Convolution::gradient(const graph::Backward& b) const {
  require<graph::ValueError>(!bias && !activation && !epilogue, name(), ": what follows it has no gradient here");
  const auto [x, kernel, y, dy] = b.binary();
  return {b.wants(0) ? graph::apply1(backward_data(windows, x.shape(), kernel.shape()), {dy, kernel}) : Tensor(),
          b.wants(1) ? graph::apply1(backward_weights(windows, x.shape(), kernel.shape()), {x, dy}) : Tensor()};
}

bool Convolution::takes_bfloat16(const Specs& in, const Specs&) const {
  const Shape &x = in[0].shape, &kernel = in[1].shape, y = output_shape(x, kernel);
  return computes_bfloat16(y, [&] {
    const ConvolutionGeometry g(name(), windows, x, kernel, y, graph::bfloat16, graph::bfloat16);
    return g.forward(g.any_kernel(), 1);
  });
}

Shape ConvolutionBackwardData::input_shape(const Shape& dy, const Shape& kernel) const {
  Shape x{dy.front()};
  for (const std::int64_t length : lengths) x = x.append(length);
  return x.append(kernel[windows.axes()] * groups);
}

Specs ConvolutionBackwardData::infer(const Specs& in) const {
  if (!packed) require_one_dtype(name(), in);
  const Shape &dy = in[0].shape, &kernel = kernel_shape(in);
  const int axes = windows.axes();
  require<ShapeError>(dy.rank() == axes + 2 && kernel.rank() == axes + 2, name(), ": expected tensors of ", axes + 2,
                      " axes, got shapes ", dy, " and ", kernel);
  const Shape x = input_shape(dy, kernel);
  require<ShapeError>(output_shape(name(), windows, x, kernel) == dy, name(), ": a gradient of shape ", dy,
                      " does not fit a convolution of ", x, " with a kernel of shape ", kernel);
  return epilogue ? epilogue->results : Specs{{in[0].dtype, x}};
}

bool ConvolutionBackwardData::takes_bfloat16(const Specs& in, const Specs&) const {
  const Shape &dy = in[0].shape, &kernel = in[1].shape, x = input_shape(dy, kernel);
  return computes_bfloat16(x, [&] {
    const ConvolutionGeometry g(name(), windows, x, kernel, dy, graph::bfloat16, graph::bfloat16);
    return g.backward_data(g.any_kernel(), 1);
  });
}

Tensors ConvolutionBackwardData::gradient(const graph::Backward& b) const {
  const auto [dy, kernel, dx, g] = b.binary();
  return {b.wants(0) ? graph::apply1(forward(windows), {g, kernel}) : Tensor(),
          b.wants(1) ? graph::apply1(backward_weights(windows, g.shape(), kernel.shape()), {g, dy}) : Tensor()};
}

Specs ConvolutionBackwardWeights::infer(const Specs& in) const {
  require_one_dtype(name(), in);
  const Shape &x = in[0].shape, &dy = in[1].shape;
  require<ShapeError>(!x.empty() && !dy.empty() && groups > 0 && x.back() % groups == 0, name(),
                      ": expected channels in ", groups, " groups, got shape ", x);
  const Shape kernel = lengths.append(x.back() / groups).append(dy.back());
  require<ShapeError>(output_shape(name(), windows, x, kernel) == dy, name(), ": a gradient of shape ", dy,
                      " does not fit a convolution of ", x, " with a kernel of shape ", kernel);
  return {{in[0].dtype, kernel}};
}

Tensor ConvolutionBackwardWeights::sum_over_steps(const graph::Node& node, const OverSteps& steps) const {
  Tensors batches;
  for (const Tensor& input : node.inputs()) {
    const Tensor all = steps.all(input);
    if (!all.defined()) return {};
    batches.push_back(reshape(all, all.shape().drop_front(1).with(0, all.shape()[0] * all.shape()[1])));
  }
  return graph::apply1(node.op_ptr(), std::move(batches));
}

bool ConvolutionBackwardWeights::takes_bfloat16(const Specs& in, const Specs& out) const {
  return computes_bfloat16(in[0].shape, [&] {
    const ConvolutionGeometry g(name(), windows, in[0].shape, out[0].shape, in[1].shape, graph::bfloat16,
                                graph::float32);
    return g.backward_weights(g.any_kernel_gradient(), 1);
  });
}

Tensors ConvolutionBackwardWeights::gradient(const graph::Backward& b) const {
  const auto [x, dy, dw, g] = b.binary();
  return {b.wants(0) ? graph::apply1(backward_data(windows, x.shape(), g.shape()), {dy, g}) : Tensor(),
          b.wants(1) ? graph::apply1(forward(windows), {x, g}) : Tensor()};
}

}  // namespace internal

namespace {

using graph::require;
using graph::ShapeError;

const bool convolution_registered = graph::register_op<internal::Convolution, internal::ConvolutionBackwardData,
                                                       internal::ConvolutionBackwardWeights>();

}  // namespace

Tensor conv(const Tensor& x, const Tensor& kernel, ConvConfig config) {
  const int axes = x.ndim() - 2;
  require<ShapeError>(axes >= 1 && axes <= 3 && kernel.ndim() == x.ndim(),
                      "convolution: expected an input and a kernel of three to five axes, got shapes ", x.shape(),
                      " and ", kernel.shape());
  auto op = std::make_shared<internal::Convolution>();
  const graph::Shape lengths = kernel.shape().drop_back(2);
  op->windows = internal::windows_of("convolution", x.shape(), {lengths.begin(), lengths.end()}, config.strides,
                                     config.dilation_rate, config.padding);
  return graph::apply1(std::move(op), {x, kernel});
}

}  // namespace cornu::ops
