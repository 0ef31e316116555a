#include "cornu/ops/image/elastic_transform.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/image/internal/axes.h"
#include "cornu/ops/matmul.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/gather.h"
#include "cornu/ops/native/random.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/native/slice.h"
#include "cornu/ops/native/transpose.h"
#include "cornu/ops/reduction.h"

namespace cornu::ops::image {
namespace {

using graph::constant;
using graph::require;
using graph::Shape;
using graph::ShapeError;
using graph::Tensors;
using graph::ValueError;

constexpr std::array<std::string_view, 5> kFillModes{"constant", "nearest", "reflect", "mirror", "wrap"};

Tensor whole_numbers(std::int64_t count) {
  return constant(graph::arange(0, static_cast<double>(count)).astype(graph::float32));
}

/// What blurs along an axis of that length, (length, length): how wide is known only when it runs, so that the weights
/// are a matrix with those beyond 3 sigma, in whole pixels, at 0. They add up to 1 where none lies beyond the edges;
/// the part of a bell wider than the picture that meets no pixel is left out.
Tensor blurring(std::int64_t length, const Tensor& sigma) {
  const Tensor all = whole_numbers(2 * length - 1) - static_cast<double>(length - 1);
  const Tensor reach = floor(sigma) * 3, zero = zeros_like(all);
  const Tensor bell = where(greater(abs(all), reach), zero, exp(square(all / sigma) * -0.5));
  const Tensor at = whole_numbers(length);
  const Tensor distance = reshape(at, {length, 1}) - reshape(at, {1, length});
  return take(bell / sum(bell), cast(distance + static_cast<double>(length - 1), graph::int32), 0);
}

/// A whole coordinate as one within the picture. In float32, which holds every whole number that a picture has.
Tensor whole_within(const Tensor& at, std::int64_t length, std::string_view mode) {
  const auto n = static_cast<double>(length);
  Tensor within = at;
  if (mode == "wrap") within = at - floor(at / n) * n;
  if (mode == "reflect" || (mode == "mirror" && length > 1)) {
    const bool twice = mode == "reflect";  // whether the edge comes twice
    const double period = twice ? 2 * n : 2 * n - 2;
    const Tensor round = at - floor(at / period) * period;
    within = minimum(round, (twice ? period - 1 : period) - round);
  }
  return clip(within, 0, n - 1);
}

/// The pixels at whole coordinates (batch, height, width): (batch, height, width, channels).
Tensor pixels_at(const Tensor& x, const Tensor& row, const Tensor& column, const ElasticTransformConfig& config) {
  const std::int64_t batch = x.shape()[0], height = x.shape()[1], width = x.shape()[2], channels = x.shape()[3];
  const auto index = [&](const Tensor& at, std::int64_t length) {
    return cast(whole_within(at, length, config.fill_mode), graph::int32);
  };
  const Tensor image =
      constant(graph::arange(0, static_cast<double>(batch)).astype(graph::int32).reshape({batch, 1, 1}));
  const Tensor place = (image * height + index(row, height)) * width + index(column, width);
  const Tensor found = take(reshape(x, {batch * height * width, channels}), place, 0);
  if (config.fill_mode != "constant") return found;
  const auto inside = [](const Tensor& at, std::int64_t length) {
    return logical_and(greater_equal(at, constant(0, graph::float32)),
                       less(at, constant(static_cast<double>(length), graph::float32)));
  };
  return where(expand_dims(logical_and(inside(row, height), inside(column, width)), -1), found,
               constant(config.fill_value, x.dtype()));
}

}  // namespace

void ElasticTransformConfig::check(std::string_view who) const {
  require<ValueError>(interpolation == "bilinear" || interpolation == "nearest", who,
                      "expected interpolation 'bilinear' or 'nearest', got '", interpolation, "'");
  require<ValueError>(std::find(kFillModes.begin(), kFillModes.end(), fill_mode) != kFillModes.end(), who,
                      "expected fill_mode 'constant', 'nearest', 'reflect', 'mirror' or 'wrap', got '", fill_mode, "'");
  internal::require_data_format(who, data_format);
}

Tensor elastic_transform(const Tensor& images, const Tensor& alpha, const Tensor& sigma, const Tensor& state,
                         const ElasticTransformConfig& config) {
  constexpr auto kWho = "elastic_transform: ";
  config.check(kWho);
  require<ShapeError>(images.ndim() == 4, kWho, "expected pictures of four axes, got shape ", images.shape());
  const bool first = config.data_format == "channels_first";
  const Tensor x = first ? moveaxis(images, 1, -1) : images;
  const std::int64_t batch = x.shape()[0], height = x.shape()[1], width = x.shape()[2];
  const Tensor noise = random_normal(state, {2 * batch, height, width}) * sigma;
  const Tensor smooth = matmul(matmul(blurring(height, sigma), noise), blurring(width, sigma)) * alpha;
  const Tensor row = slice(smooth, 0, 0, batch) + reshape(whole_numbers(height), {1, height, 1}),
               column = slice(smooth, 0, batch, 2 * batch) + reshape(whole_numbers(width), {1, 1, width});
  Tensor y;
  if (config.interpolation == "nearest") {
    y = pixels_at(x, round(row), round(column), config);
  } else {
    const Tensor top = floor(row), left = floor(column), down = row - top, right = column - left;
    const auto part = [&](double below, double beside) {
      const Tensor weight = (below > 0 ? down : 1 - down) * (beside > 0 ? right : 1 - right);
      return pixels_at(x, top + below, left + beside, config) * cast(expand_dims(weight, -1), x.dtype());
    };
    y = part(0, 0) + part(0, 1) + part(1, 0) + part(1, 1);
  }
  return first ? moveaxis(y, -1, 1) : y;
}

}  // namespace cornu::ops::image
