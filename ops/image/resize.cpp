#include "cornu/ops/image/resize.h"

#include <algorithm>
#include <limits>

#include "cornu/graph/check.h"
#include "cornu/ops/composite/pad.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/image/internal/axes.h"
#include "cornu/ops/internal/taps.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/resample.h"
#include "cornu/ops/native/slice.h"

namespace cornu::ops::image {
namespace {

using graph::require;
using graph::Shape;
using graph::ShapeError;
using graph::ValueError;
using Size = std::array<std::int64_t, 2>;

/// The height that goes with this width, and the width that goes with this height, in the proportions of `target`.
Size fitting(std::int64_t height, std::int64_t width, const Size& target) {
  return {width * target[0] / target[1], height * target[1] / target[0]};
}

Tensor cropped(const Tensor& x, const internal::Axes& axes, const Size& target) {
  const std::int64_t height = x.shape()[axes.height], width = x.shape()[axes.width];
  const Size fits = fitting(height, width, target);
  const auto middle = [](const Tensor& t, int axis, std::int64_t length, std::int64_t part) {
    part = std::max<std::int64_t>(std::min(length, part), 1);
    const std::int64_t start = (length - part) / 2;
    return slice(t, axis, start, start + part);
  };
  return middle(middle(x, axes.height, height, fits[0]), axes.width, width, fits[1]);
}

// Where an odd number of pixels is missing, one less is put in, as in Keras.
Tensor padded(const Tensor& x, const internal::Axes& axes, const Size& target, double value) {
  const std::int64_t height = x.shape()[axes.height], width = x.shape()[axes.width];
  const Size fits = fitting(height, width, target);
  PadWidth around(x.shape().size(), {0, 0});
  const auto put = [&](int axis, std::int64_t length, std::int64_t whole) {
    const std::int64_t at_each_end = std::max<std::int64_t>(whole - length, 0) / 2;
    around[axis] = {at_each_end, at_each_end};
  };
  put(axes.height, height, fits[0]);
  put(axes.width, width, fits[1]);
  return pad(x, around, {.constant_values = value});
}

// To whole numbers: the nearest ones that the dtype has.
Tensor rounded(const Tensor& x, DType dtype) {
  double low = 0, high = 1;
  graph::visit(dtype, [&](auto zero) {
    using T = decltype(zero);
    if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
      low = static_cast<double>(std::numeric_limits<T>::min());
      // The largest number may be none of float's, which would round it up and out of the dtype.
      high = static_cast<double>(std::numeric_limits<T>::max());
      if (sizeof(T) >= sizeof(float)) high -= high / (1 << 24);
    }
  });
  return cast(clip(round(x), low, high), dtype);
}

}  // namespace

void ResizeConfig::check(std::string_view who) const {
  ops::internal::interpolation_of(who, interpolation);
  require<ValueError>(!crop_to_aspect_ratio || !pad_to_aspect_ratio, who,
                      "crop_to_aspect_ratio and pad_to_aspect_ratio exclude each other");
  require<ValueError>(fill_mode == "constant", who, "expected fill_mode 'constant', got '", fill_mode, "'");
  internal::require_data_format(who, data_format);
}

Tensor resize(const Tensor& images, std::array<std::int64_t, 2> size, const ResizeConfig& config) {
  config.check("resize: ");
  require<ValueError>(size[0] > 0 && size[1] > 0, "resize: expected a size of at least (1, 1), got ",
                      Shape{size[0], size[1]});
  const internal::Axes axes = internal::axes_of("resize: ", images.shape(), config.data_format);
  const auto interpolation = ops::internal::interpolation_of("resize: ", config.interpolation);
  require<ShapeError>(images.shape()[axes.height] > 0 && images.shape()[axes.width] > 0,
                      "resize: expected pictures with pixels, got shape ", images.shape());
  const DType dtype = images.dtype();
  Tensor x = images;
  if (config.crop_to_aspect_ratio) x = cropped(x, axes, size);
  if (config.pad_to_aspect_ratio) x = padded(x, axes, size, config.fill_value);
  const std::int64_t height = x.shape()[axes.height], width = x.shape()[axes.width];
  if (height == size[0] && width == size[1]) return x;
  const bool in_floats = !graph::is_floating(dtype) && interpolation != ops::internal::Interpolation::nearest;
  if (in_floats) x = cast(x, graph::float32);
  const auto along = [&](int axis, std::int64_t length) {
    x = resample(x, axis, length, {.interpolation = config.interpolation, .antialias = config.antialias});
  };
  // Rows are put together faster than the pixels of a row, whose turn is when there are fewest.
  if (size[0] > height) along(axes.width, size[1]);
  along(axes.height, size[0]);
  if (size[0] <= height) along(axes.width, size[1]);
  return in_floats ? rounded(x, dtype) : x;
}

}  // namespace cornu::ops::image
