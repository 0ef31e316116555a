#include "cornu/ops/convolution.h"

#include <algorithm>

#include "cornu/graph/check.h"
#include "cornu/ops/internal/convolution_op.h"
#include "cornu/ops/internal/floating.h"

namespace cornu::ops {
namespace internal {
namespace {

using graph::require;
using graph::ShapeError;

std::shared_ptr<ConvolutionBackwardData> backward_data(const Windows& windows, const Shape& x, const Shape& kernel) {
  auto op = std::make_shared<ConvolutionBackwardData>();
  op->windows = windows;
  op->lengths = x.drop_front().drop_back();
  op->groups = x.back() / kernel[kernel.rank() - 2];
  return op;
}

std::shared_ptr<ConvolutionBackwardWeights> backward_weights(const Windows& windows, const Shape& x,
                                                             const Shape& kernel) {
  auto op = std::make_shared<ConvolutionBackwardWeights>();
  op->windows = windows;
  op->lengths = kernel.drop_back(2);
  op->groups = x.back() / kernel[kernel.rank() - 2];
  return op;
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
    require<ShapeError>(kernel[axis] > 0 && count > 0, op, ": no window of a kernel of shape ", kernel,
                        " fits into an input of shape ", x);
    y = y.append(count);
  }
  return y.append(filters);
}

}  // namespace

void Windows::fields(graph::FieldVisitor& f) const {
  f("strides", strides);
  f("dilation", dilation);
  f("low", low);
  f("high", high);
}

std::int64_t Windows::count(int axis, std::int64_t length, std::int64_t window) const {
  const std::int64_t reach = (window - 1) * dilation[axis] + 1, room = low[axis] + length + high[axis] - reach;
  return room < 0 ? 0 : room / strides[axis] + 1;
}

Specs Convolution::infer(const Specs& in) const {
  require_one_dtype(name(), in);
  return {{in[0].dtype, output_shape(name(), windows, in[0].shape, in[1].shape)}};
}

// The three ops are linear in each of their inputs, and each is the gradient of the others.
Tensors Convolution::gradient(const graph::Backward& b) const {
  const auto [x, kernel, y, dy] = b.binary();
  return {b.wants(0) ? graph::apply1(backward_data(windows, x.shape(), kernel.shape()), {dy, kernel}) : Tensor(),
          b.wants(1) ? graph::apply1(backward_weights(windows, x.shape(), kernel.shape()), {x, dy}) : Tensor()};
}

void ConvolutionBackwardData::fields(graph::FieldVisitor& f) const {
  windows.fields(f);
  f("lengths", lengths);
  f("groups", groups);
}

Specs ConvolutionBackwardData::infer(const Specs& in) const {
  require_one_dtype(name(), in);
  const Shape &dy = in[0].shape, &kernel = in[1].shape;
  const int axes = windows.axes();
  require<ShapeError>(dy.rank() == axes + 2 && kernel.rank() == axes + 2, name(), ": expected tensors of ", axes + 2,
                      " axes, got shapes ", dy, " and ", kernel);
  Shape x{dy.front()};
  for (const std::int64_t length : lengths) x = x.append(length);
  x = x.append(kernel[axes] * groups);
  require<ShapeError>(output_shape(name(), windows, x, kernel) == dy, name(), ": a gradient of shape ", dy,
                      " does not fit a convolution of ", x, " with a kernel of shape ", kernel);
  return {{in[0].dtype, x}};
}

Tensors ConvolutionBackwardData::gradient(const graph::Backward& b) const {
  const auto [dy, kernel, dx, g] = b.binary();
  return {b.wants(0) ? graph::apply1(forward(windows), {g, kernel}) : Tensor(),
          b.wants(1) ? graph::apply1(backward_weights(windows, g.shape(), kernel.shape()), {g, dy}) : Tensor()};
}

void ConvolutionBackwardWeights::fields(graph::FieldVisitor& f) const {
  windows.fields(f);
  f("lengths", lengths);
  f("groups", groups);
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

Tensors ConvolutionBackwardWeights::gradient(const graph::Backward& b) const {
  const auto [x, dy, dw, g] = b.binary();
  return {b.wants(0) ? graph::apply1(backward_data(windows, x.shape(), g.shape()), {dy, g}) : Tensor(),
          b.wants(1) ? graph::apply1(forward(windows), {x, g}) : Tensor()};
}

}  // namespace internal

namespace {

using graph::require;
using graph::ShapeError;
using graph::ValueError;

const bool convolution_registered = graph::register_op<internal::Convolution, internal::ConvolutionBackwardData,
                                                       internal::ConvolutionBackwardWeights>();

std::vector<std::int64_t> spread(const char* what, const PerAxis& given, int axes) {
  std::vector<std::int64_t> all = given;
  if (given.size() == 1) all.assign(static_cast<std::size_t>(axes), given.front());
  const bool fits = static_cast<int>(all.size()) == axes &&
                    std::all_of(all.begin(), all.end(), [](std::int64_t n) { return n >= 1; });
  require<ValueError>(fits, "convolution: expected ", what, " of at least 1 for each of ", axes,
                      " axes, or one for all, got ", graph::Shape(all));
  return all;
}

}  // namespace

Tensor conv(const Tensor& x, const Tensor& kernel, ConvConfig config) {
  const int axes = x.ndim() - 2;
  require<ShapeError>(axes >= 1 && axes <= 3 && kernel.ndim() == x.ndim(),
                      "convolution: expected an input and a kernel of three to five axes, got shapes ", x.shape(),
                      " and ", kernel.shape());
  require<ValueError>(config.padding == "valid" || config.padding == "same",
                      "convolution: expected padding 'valid' or 'same', got '", config.padding, "'");
  auto op = std::make_shared<internal::Convolution>();
  internal::Windows& w = op->windows;
  w.strides = spread("strides", config.strides, axes);
  w.dilation = spread("dilations", config.dilation_rate, axes);
  w.low = w.high = std::vector<std::int64_t>(static_cast<std::size_t>(axes), 0);
  if (config.padding == "same")
    for (int axis = 0; axis < axes; ++axis) {
      const std::int64_t length = x.shape()[axis + 1], reach = (kernel.shape()[axis] - 1) * w.dilation[axis] + 1;
      const std::int64_t count = (length + w.strides[axis] - 1) / w.strides[axis];
      const std::int64_t missing = std::max<std::int64_t>((count - 1) * w.strides[axis] + reach - length, 0);
      w.low[axis] = missing / 2;  // of an odd number the larger part is behind, as in TensorFlow
      w.high[axis] = missing - w.low[axis];
    }
  return graph::apply1(std::move(op), {x, kernel});
}

}  // namespace cornu::ops
