#include "cornu/ops/composite/separable_conv.h"

#include "cornu/graph/check.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/reshape.h"

namespace cornu::ops {

using graph::require;
using graph::Shape;
using graph::ShapeError;

Tensor depthwise_conv(const Tensor& x, const Tensor& kernel, ConvConfig config) {
  const Shape &shape = x.shape(), &filters = kernel.shape();
  require<ShapeError>(shape.rank() >= 3 && shape.rank() <= 5 && filters.rank() == shape.rank(),
                      "depthwise_conv: expected an input and a kernel of three to five axes, got shapes ", shape,
                      " and ", filters);
  const std::int64_t channels = filters[filters.rank() - 2], multiplier = filters.back(),
                     outputs = channels * multiplier;
  require<ShapeError>(shape.back() == channels && outputs > 0, "depthwise_conv: a kernel of shape ", filters, " reads ",
                      channels, " channels, got shape ", shape);
  Tensor each = x;
  // A channel for each filter, for convolutions with one filter a channel are many times as fast as those with several.
  if (multiplier > 1 && channels > 1)
    each = reshape(broadcast_to(expand_dims(x, -1), shape.append(multiplier)), shape.drop_back().append(outputs));
  return conv(each, reshape(kernel, filters.drop_back(2).append(1).append(outputs)), std::move(config));
}

Tensor separable_conv(const Tensor& x, const Tensor& depthwise_kernel, const Tensor& pointwise_kernel,
                      ConvConfig config) {
  const Tensor y = depthwise_conv(x, depthwise_kernel, std::move(config));
  Shape expected;
  for (int axis = 1; axis < y.ndim() - 1; ++axis) expected = expected.append(1);
  expected = expected.append(y.shape().back());
  require<ShapeError>(pointwise_kernel.ndim() == y.ndim() && pointwise_kernel.shape().drop_back() == expected,
                      "separable_conv: expected a pointwise kernel whose first axes are ", expected, ", got shape ",
                      pointwise_kernel.shape());
  return conv(y, pointwise_kernel);
}

}  // namespace cornu::ops
