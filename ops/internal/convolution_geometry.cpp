#include "cornu/ops/internal/convolution_geometry.h"

#include <algorithm>

namespace cornu::ops::internal {

using graph::Shape;
using onednn::MemoryDesc;
using Lengths = std::vector<std::int64_t>;

ConvolutionGeometry::ConvolutionGeometry(std::string_view op, const Windows& windows, const Shape& x,
                                         const Shape& kernel, const Shape& y, graph::DType dtype, graph::DType result)
    : op_(op), windows_(windows), x_shape_(x), kernel_shape_(kernel), y_shape_(y), dtype_(dtype), result_(result) {
  per_group_ = kernel[windows.axes()];
  groups_ = x.back() / per_group_;
  filters_ = kernel.back();
  if (windows.axes() == 1 && per_group_ == 1 && filters_ == groups_) become_plane();
  for (const std::int64_t d : windows_.dilation) dilates_.push_back(d - 1);  // oneDNN counts what is left out
  flops_ = 2 * y_shape_.elements() * per_group_;
  for (int axis = 0; axis < windows_.axes(); ++axis) flops_ *= kernel_shape_[axis];
}

/// A line as a plane of one row: oneDNN's kernels for channels that are alone are for planes.
void ConvolutionGeometry::become_plane() {
  for (auto* ones : {&windows_.strides, &windows_.dilation}) ones->insert(ones->begin(), 1);
  for (auto* zeros : {&windows_.low, &windows_.high}) zeros->insert(zeros->begin(), 0);
  for (Shape* data : {&x_shape_, &y_shape_}) *data = Shape{data->front(), 1, (*data)[1], data->back()};
  kernel_shape_ = Shape{1, kernel_shape_[0], kernel_shape_[1], kernel_shape_[2]};
}

MemoryDesc ConvolutionGeometry::data(const Shape& shape, std::int64_t rows, graph::DType dtype) {
  Shape dims{rows, shape.back()};
  Lengths strides{shape.drop_front().elements(), 1};
  for (int axis = 1; axis < shape.rank() - 1; ++axis) {
    dims = dims.append(shape[axis]);
    strides.push_back(shape.drop_front(axis + 1).elements());
  }
  return {dims, strides, dtype};
}

/// (groups, filters, channels, …), without groups if there is one.
Shape ConvolutionGeometry::kernel_dims() const {
  Shape dims = groups_ == 1 ? Shape{filters_, per_group_} : Shape{groups_, filters_ / groups_, per_group_};
  for (int axis = 0; axis < windows_.axes(); ++axis) dims = dims.append(kernel_shape_[axis]);
  return dims;
}

MemoryDesc ConvolutionGeometry::plain_kernel() const {
  Lengths strides = groups_ == 1 ? Lengths{1, filters_} : Lengths{filters_ / groups_, 1, filters_};
  for (int axis = 0; axis < windows_.axes(); ++axis) strides.push_back(kernel_shape_.drop_front(axis + 1).elements());
  return {kernel_dims(), strides, dtype_};
}

onednn::PrimitiveDesc ConvolutionGeometry::forward(const MemoryDesc& kernel, std::int64_t rows, dnnl_prop_kind_t kind,
                                                   const MemoryDesc* bias,
                                                   const std::optional<onednn::Eltwise>& activation) const {
  return onednn::describe(
      op_, CORNU_ONEDNN(dnnl_dilated_convolution_forward_desc_init, dnnl_convolution_forward_primitive_desc_create),
      onednn::attributes(op_, activation), kind, dnnl_convolution_direct, data(x_shape_, rows, dtype_).get(),
      kernel.get(), bias ? bias->get() : nullptr,
      data(y_shape_, rows, kind == dnnl_forward_training ? dtype_ : result_).get(), windows_.strides.data(),
      dilates_.data(), windows_.low.data(), windows_.high.data());
}

onednn::PrimitiveDesc ConvolutionGeometry::backward_data(const MemoryDesc& kernel, std::int64_t rows) const {
  return onednn::describe_backward(op_,
                                   CORNU_ONEDNN(dnnl_dilated_convolution_backward_data_desc_init,
                                                dnnl_convolution_backward_data_primitive_desc_create),
                                   onednn::attributes(op_), forward(any_kernel(), rows, dnnl_forward_training),
                                   dnnl_convolution_direct, data(x_shape_, rows, result_).get(), kernel.get(),
                                   data(y_shape_, rows, dtype_).get(), windows_.strides.data(), dilates_.data(),
                                   windows_.low.data(), windows_.high.data());
}

onednn::PrimitiveDesc ConvolutionGeometry::backward_weights(const MemoryDesc& kernel, std::int64_t rows) const {
  return onednn::describe_backward(op_,
                                   CORNU_ONEDNN(dnnl_dilated_convolution_backward_weights_desc_init,
                                                dnnl_convolution_backward_weights_primitive_desc_create),
                                   onednn::attributes(op_), forward(any_kernel(), rows, dnnl_forward_training),
                                   dnnl_convolution_direct, data(x_shape_, rows, dtype_).get(), kernel.get(), nullptr,
                                   data(y_shape_, rows, dtype_).get(), windows_.strides.data(), dilates_.data(),
                                   windows_.low.data(), windows_.high.data());
}

std::optional<ConvolutionGeometry::Slab> ConvolutionGeometry::slab(std::int64_t begin, std::int64_t end) const {
  const std::int64_t length = x_shape_[1], stride = windows_.strides[0], first = begin * stride - windows_.low[0],
                     last = (end - 1) * stride - windows_.low[0] + (kernel_shape_[0] - 1) * windows_.dilation[0] + 1,
                     from = std::max<std::int64_t>(first, 0), to = std::min(last, length);
  if (from >= to) return std::nullopt;
  return Slab{from, to - from, from - first, last - to};
}

ConvolutionGeometry ConvolutionGeometry::of(const Slab& slab, std::int64_t length) const {
  Windows windows = windows_;
  windows.low[0] = slab.low;
  windows.high[0] = slab.high;
  return {
      op_,    windows, x_shape_.with(0, 1).with(1, slab.x_length), kernel_shape_, y_shape_.with(0, 1).with(1, length),
      dtype_, result_};
}

}  // namespace cornu::ops::internal
