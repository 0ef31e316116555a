#include "cornu/keras/layers/preprocessing/equalization.h"

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/keras/layers/preprocessing/internal/image_layer.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cumulative.h"
#include "cornu/ops/native/gather.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::layers {
namespace {

using graph::constant;

/// a / b of whole numbers from 0 on, rounded to the nearest one, halves to even.
Tensor rounded_quotient(const Tensor& a, const Tensor& b) {
  const Tensor q = ops::floor_divide(a, b), twice_rest = (a - q * b) * 2, zero = constant(0, graph::int64);
  const Tensor odd = ops::not_equal(ops::mod(q, constant(2, graph::int64)), zero);
  const Tensor up = ops::logical_or(ops::greater(twice_rest, b), ops::logical_and(ops::equal(twice_rest, b), odd));
  return q + ops::cast(up, graph::int64);
}

struct EqualizationLayer final : internal::ImageLayer<EqualizationConfig> {
  explicit EqualizationLayer(EqualizationConfig config) : ImageLayer(std::move(config)) {
    complete();
    graph::require<ValueError>(config_.bins > 0, who(), "expected a positive number of bins, got ", config_.bins);
    internal::sort_value_range(who(), config_.value_range);
  }

 protected:
  Tensor changed(const Tensor& images, Context& ctx) override {
    if (!ctx.training()) return images;
    static const std::vector<double> kBytes{0, 255};
    const Tensor x = internal::changed_range(ops::cast(images, float32), config_.value_range, kBytes);
    const std::int64_t bins = config_.bins, channels = x.shape()[channel_axis()];
    const double last = static_cast<double>(bins - 1);
    // Each channel has a row in the histograms and in the tables.
    const Tensor row = constant(graph::arange(0, static_cast<double>(channels))
                                    .astype(int32)
                                    .reshape(Shape{1, 1, 1, 1}.with(channel_axis(), channels)) *
                                static_cast<int>(bins));
    const auto place = [&](const Tensor& scaled) { return ops::cast(ops::clip(scaled, 0, last), int32) + row; };
    const Tensor counted = ops::reshape(place(x * last / 255), {x.shape().elements()});
    const Tensor counts = ops::reshape(
        ops::scatter_add(counted, ops::full(counted.shape(), 1, graph::int64), {channels * bins}), {channels, bins});
    const Tensor below = ops::cumsum(counts, 1), zero = constant(0, graph::int64), one = constant(1, graph::int64);
    const Tensor all = ops::max(below, 1, ops::keepdims);
    const Tensor least = ops::min(ops::where(ops::greater(below, zero), below, all), 1, ops::keepdims);
    const Tensor total = all - least, reached = ops::maximum(below - least, zero) * 255;
    const Tensor table = rounded_quotient(reached, ops::where(ops::equal(total, zero), one, total));
    const Tensor found = ops::take(ops::reshape(ops::cast(table, float32), {channels * bins}), place(x / 255 * last));
    // The rest is 0 where all lies in one bin.
    const Tensor flat = ops::reshape(ops::equal(total, zero), row.shape());
    return as_floats(internal::changed_range(ops::where(flat, x, found), kBytes, config_.value_range));
  }
};

}  // namespace

void EqualizationConfig::fields(ConfigVisitor& v) {
  v("value_range", value_range);
  v("bins", bins);
  internal::visit_data_format(v, data_format);
}

CORNU_LAYER(EqualizationConfig, EqualizationLayer, "Equalization", {}, {.since_keras3 = true});

}  // namespace cornu::keras::layers
