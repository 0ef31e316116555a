#include "cornu/ops/image/gaussian_blur.h"

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/separable_conv.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/image/internal/axes.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/slice.h"
#include "cornu/ops/native/transpose.h"
#include "cornu/ops/reduction.h"

namespace cornu::ops::image {
namespace {

using graph::require;
using graph::Shape;
using graph::ShapeError;
using graph::ValueError;

/// So many weights with the sum 1; sigma has one element.
Tensor bell(int size, const Tensor& sigma) {
  const Tensor from_middle = graph::constant(graph::arange(0, size) - static_cast<double>(size - 1) / 2);
  const Tensor weights = exp(square(cast(from_middle, graph::float32) / sigma) * -0.5);
  return weights / sum(weights);
}

}  // namespace

// The bell of two axes is a product: first down, then across.
Tensor gaussian_blur(const Tensor& images, std::array<int, 2> kernel_size, const Tensor& sigma,
                     const std::string& data_format) {
  constexpr auto kWho = "gaussian_blur: ";
  internal::require_data_format(kWho, data_format);
  internal::axes_of(kWho, images.shape(), data_format);
  require<ValueError>(kernel_size[0] > 0 && kernel_size[1] > 0, kWho, "expected a positive kernel_size, got ",
                      kernel_size[0], " and ", kernel_size[1]);
  require<ShapeError>(sigma.shape() == Shape{2}, kWho, "expected a sigma of shape (2,), got ", sigma.shape());
  const bool single = images.ndim() == 3, first = data_format == "channels_first";
  Tensor x = single ? expand_dims(images, 0) : images;
  if (first) x = moveaxis(x, 1, -1);
  x = cast(x, graph::float32);
  const std::int64_t channels = x.shape().back();
  for (const int axis : {0, 1}) {
    const int size = kernel_size[static_cast<std::size_t>(axis)];
    const Tensor width = cast(slice(sigma, 0, 1 - axis, 2 - axis), graph::float32);
    const Shape shape = axis == 0 ? Shape{size, 1, 1, 1} : Shape{1, size, 1, 1};
    x = depthwise_conv(x, broadcast_to(reshape(bell(size, width), shape), shape.with(2, channels)),
                       {.padding = "same"});
  }
  x = cast(x, images.dtype());
  if (first) x = moveaxis(x, -1, 1);
  return single ? squeeze(x, 0) : x;
}

}  // namespace cornu::ops::image
