#include "cornu/ops/image/color.h"

#include <array>

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/image/internal/axes.h"
#include "cornu/ops/internal/floating.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/native/slice.h"

namespace cornu::ops::image {
namespace {

using graph::require;
using graph::ShapeError;

int channel_axis(std::string_view who, const Tensor& images, const std::string& data_format) {
  internal::require_data_format(who, data_format);
  internal::axes_of(who, images.shape(), data_format);
  return images.ndim() - (data_format == "channels_last" ? 1 : 3);
}

std::array<Tensor, 3> three_channels(std::string_view who, const Tensor& images, int axis) {
  require<ShapeError>(images.shape()[axis] == 3, who, "expected three channels, got shape ", images.shape());
  return {slice(images, axis, 0, 1), slice(images, axis, 1, 2), slice(images, axis, 2, 3)};
}

}  // namespace

Tensor rgb_to_grayscale(const Tensor& images, const std::string& data_format) {
  constexpr auto kWho = "rgb_to_grayscale: ";
  const int axis = channel_axis(kWho, images, data_format);
  if (images.shape()[axis] == 1) return images;
  const Tensor floats = graph::is_floating(images.dtype()) ? images : cast(images, graph::float32);
  const auto [red, green, blue] = three_channels(kWho, floats, axis);
  return cast(red * 0.2989 + green * 0.5870 + blue * 0.1140, images.dtype());
}

Tensor rgb_to_hsv(const Tensor& images, const std::string& data_format) {
  constexpr auto kWho = "rgb_to_hsv: ";
  const int axis = channel_axis(kWho, images, data_format);
  ops::internal::require_computed("rgb_to_hsv", {images.dtype(), images.shape()});
  const auto [red, green, blue] = three_channels(kWho, images, axis);
  const Tensor value = maximum(maximum(red, green), blue), range = value - minimum(minimum(red, green), blue);
  // Divisors that are not 0 keep the gradients of grey pixels finite.
  const Tensor zero = zeros_like(range), one = ones_like(range);
  const Tensor colored = greater(range, zero), positive = greater(value, zero);
  const Tensor sixth = reciprocal(where(colored, range, one)) * (1. / 6);
  const Tensor hue = where(equal(red, value), (green - blue) * sixth,
                           where(equal(green, value), (blue - red) * sixth + 2. / 6, (red - green) * sixth + 4. / 6));
  const Tensor from_zero = where(colored, where(less(hue, zero), hue + 1, hue), zero);
  const Tensor saturation = where(positive, range / where(positive, value, one), zero);
  return concatenate({from_zero, saturation, value}, axis);
}

Tensor hsv_to_rgb(const Tensor& images, const std::string& data_format) {
  constexpr auto kWho = "hsv_to_rgb: ";
  const int axis = channel_axis(kWho, images, data_format);
  ops::internal::require_computed("hsv_to_rgb", {images.dtype(), images.shape()});
  const auto [hue, saturation, value] = three_channels(kWho, images, axis);
  const Tensor h = hue * 6;
  // How far each of them is from being missing, as the hue goes round.
  const Tensor red = clip(abs(h - 3) - 1, 0, 1), green = clip(2 - abs(h - 2), 0, 1), blue = clip(2 - abs(h - 4), 0, 1);
  Tensors colors;
  for (const Tensor& part : {red, green, blue}) colors.push_back(((1 - saturation) + saturation * part) * value);
  return concatenate(colors, axis);
}

}  // namespace cornu::ops::image
