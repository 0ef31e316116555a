#include "cornu/keras/layers/preprocessing/contrast_limited_adaptive_histogram_equalization.h"

#include <algorithm>
#include <cmath>

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/keras/layers/preprocessing/internal/image_layer.h"
#include "cornu/ops/composite/pad.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cumulative.h"
#include "cornu/ops/native/gather.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/native/slice.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::layers {
namespace {

using graph::constant;
using graph::require;

constexpr std::int64_t kLevels = 256;

/// For each pixel along an axis the two tiles whose middles it lies between, and how near it is to the second. Beyond
/// the first and last middle both are the same tile.
struct Neighbours {
  Array first, second, share;
};

Neighbours neighbours(std::int64_t tiles, std::int64_t tile, const Shape& shape) {
  const std::int64_t length = tiles * tile;
  Neighbours n{graph::empty({length}, int32), graph::empty({length}, int32), graph::empty({length})};
  for (std::int64_t i = 0; i < length; ++i) {
    const float at = (static_cast<float>(i) - static_cast<float>(tile) / 2) / static_cast<float>(tile);
    const float before = std::floor(at);
    const auto within = [&](float number) {
      return std::clamp(static_cast<int>(number), 0, static_cast<int>(tiles) - 1);
    };
    n.first.data<std::int32_t>()[i] = within(before);
    n.second.data<std::int32_t>()[i] = within(before + 1);
    n.share.data<float>()[i] = at - before;
  }
  return {n.first.reshape(shape), n.second.reshape(shape), n.share.reshape(shape)};
}

Array counted_from_zero(std::int64_t count, const Shape& shape) {
  return graph::arange(0, static_cast<double>(count)).astype(int32).reshape(shape);
}

struct ContrastLimitedLayer final : internal::ImageLayer<ContrastLimitedAdaptiveHistogramEqualizationConfig> {
  explicit ContrastLimitedLayer(Config config) : ImageLayer(std::move(config)) {
    complete();
    internal::require_value_range(who(), config_.value_range);
    internal::complete_axes(who(), "tile_grid_size", config_.tile_grid_size, 2);
  }

  void build(const Shape& input) override {
    ImageLayer::build(input);
    for (int axis = input.rank() - 3; axis < input.rank(); ++axis)
      require<ShapeError>(input[axis] != 0, who(), "expected pictures that are not empty, got shape ", input);
  }

 protected:
  Tensor changed(const Tensor& images, Context&) override {
    static const std::vector<double> kBytes{0, 255};
    const Tensor last = internal::channels_last(ops::cast(images, float32), config_.data_format);
    const Tensor y = equalized(internal::changed_range(last, config_.value_range, kBytes));
    const Tensor result = internal::changed_range(y, kBytes, config_.value_range);
    return ops::cast(internal::channels_as(result, config_.data_format), images.dtype());
  }

 private:
  Tensor equalized(const Tensor& x) const {
    const std::int64_t batch = x.shape()[0], height = x.shape()[1], width = x.shape()[2], channels = x.shape()[3],
                       down = config_.tile_grid_size[0], across = config_.tile_grid_size[1],
                       rows = (height + down - 1) / down, columns = (width + across - 1) / across;
    const Tensor padded =
        ops::pad(x, {{0, 0}, {0, down * rows - height}, {0, across * columns - width}, {0, 0}}, {.mode = "symmetric"});
    const Tensor level = ops::cast(ops::clip(padded, 0, 255), int32);
    // Tables stand one behind the other: of each picture, row of tiles, tile and channel.
    const Shape whole{batch, down * rows, across * columns, channels};
    const Tensor picture = constant(counted_from_zero(batch, {batch, 1, 1, 1})),
                 channel = constant(counted_from_zero(channels, {1, 1, 1, channels}));
    const auto place = [&](const Tensor& row, const Tensor& column) {
      return (((picture * down + row) * across + column) * channels + channel) * kLevels + level;
    };
    const auto tile_of = [](std::int64_t tiles, std::int64_t tile, const Shape& shape) {
      return constant((counted_from_zero(tiles, {tiles, 1}) + graph::zeros({1, tile}, int32)).reshape(shape));
    };
    const Shape by_row{1, whole[1], 1, 1}, by_column{1, 1, whole[2], 1};
    const Tensor tables = tables_of(place(tile_of(down, rows, by_row), tile_of(across, columns, by_column)),
                                    batch * down * across * channels, static_cast<double>(rows * columns));
    const Neighbours r = neighbours(down, rows, by_row), c = neighbours(across, columns, by_column);
    const auto value = [&](const Array& row, const Array& column) {
      return ops::take(tables, place(constant(row), constant(column)));
    };
    const Tensor right = constant(c.share), below = constant(r.share);
    const Tensor top = value(r.first, c.first) * (1 - right) + value(r.first, c.second) * right,
                 bottom = value(r.second, c.first) * (1 - right) + value(r.second, c.second) * right;
    return ops::slice(ops::slice(top * (1 - below) + bottom * below, 1, 0, height), 2, 0, width);
  }

  /// What each intensity becomes in each tile, by the places of its pixels in the tables.
  Tensor tables_of(const Tensor& places, std::int64_t tables, double area) const {
    const std::int64_t size = places.shape().elements();
    Tensor counts = ops::reshape(
        ops::scatter_add(ops::reshape(places, {size}), ops::full({size}, 1), {tables * kLevels}), {tables, kLevels});
    if (config_.clip_limit > 0) {
      const Tensor limited = ops::clip(counts, 0, config_.clip_limit * area / kLevels);
      counts = limited + ops::sum(counts - limited, 1, ops::keepdims) / static_cast<double>(kLevels);
    }
    const Tensor below = ops::cumsum(counts, 1), least = ops::min(below, 1, ops::keepdims), rest = area - least;
    const Tensor none = ops::equal(rest, constant(0, float32));
    const Tensor share = (below - least) * 255 / ops::where(none, ops::ones_like(rest), rest);
    return ops::reshape(ops::clip(share, 0, 255), {tables * kLevels});
  }
};

}  // namespace

void ContrastLimitedAdaptiveHistogramEqualizationConfig::fields(ConfigVisitor& v) {
  v("value_range", value_range);
  v("clip_limit", clip_limit);
  v("tile_grid_size", tile_grid_size);
  internal::visit_data_format(v, data_format);
}

CORNU_LAYER(ContrastLimitedAdaptiveHistogramEqualizationConfig, ContrastLimitedLayer,
            "ContrastLimitedAdaptiveHistogramEqualization", {}, {.since_keras3 = true});

}  // namespace cornu::keras::layers
