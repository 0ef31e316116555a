#include "cornu/keras/layers/preprocessing/random_erasing.h"

#include <algorithm>
#include <utility>

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/keras/field_value.h"
#include "cornu/keras/layers/preprocessing/internal/image_layer.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/random.h"
#include "cornu/ops/native/select.h"

namespace cornu::keras::layers {
namespace {

using graph::require;
using internal::Bounds;

struct RandomErasingLayer final : internal::ImageLayer<RandomErasingConfig> {
  explicit RandomErasingLayer(RandomErasingConfig config) : ImageLayer(std::move(config)) {
    complete();
    probability_ = internal::complete_bounds(who(), "factor", config_.factor, 0, 1);
    scale_ = internal::complete_bounds(who(), "scale", config_.scale, 0, 1);
    internal::require_value_range(who(), config_.value_range);
    const auto& fill = config_.fill_value;
    require<ValueError>(!fill || fill->size() == 1 || fill->size() == 3, who(),
                        "expected a fill_value of one or three numbers, got ", fill ? fill->size() : 0);
  }

 protected:
  Tensor changed(const Tensor& images, Context& ctx) override {
    const Tensor x = as_floats(images);
    if (!ctx.training()) return x;
    const Tensor columns = within(x, width_axis(), ctx), rows = within(x, height_axis(), ctx);
    const Tensor erased = ops::logical_and(ops::logical_and(columns, rows), chosen(x, probability_, ctx));
    return ops::where(erased, filling(x, ctx), x);
  }

 private:
  /// Which places of an axis lie within the rectangle of each picture.
  Tensor within(const Tensor& images, int axis, Context& ctx) {
    const Tensor share = ops::sqrt(random(images, scale_, ctx));
    return internal::within_random_part(images.shape()[axis], axis, share, random(images, {0, 1}, ctx));
  }

  Tensor filling(const Tensor& images, Context& ctx) {
    const double low = config_.value_range[0], high = config_.value_range[1];
    const auto& numbers = config_.fill_value;
    Tensor value;
    if (!numbers) {
      value = ops::random_normal(random_state(ctx), images.shape()) * high;
    } else {
      const auto count = static_cast<std::int64_t>(numbers->size());
      graph::Array fill = graph::empty({count});
      std::copy(numbers->begin(), numbers->end(), fill.data<float>());
      value = graph::constant(fill.reshape(Shape{1, 1, 1, 1}.with(channels_first() ? 1 : 3, count)));
    }
    return ops::cast(ops::clip(value, low, high), images.dtype());
  }

  Bounds probability_, scale_;
};

}  // namespace

void RandomErasingConfig::fields(ConfigVisitor& v) {
  v.visit({"factor"}, &factor);
  v.visit({"scale"}, &scale);
  v.visit({"fill_value", {.number_if_one = true}}, &fill_value);
  v("value_range", value_range);
  internal::visit_random(v, *this);
}

CORNU_LAYER(RandomErasingConfig, RandomErasingLayer, "RandomErasing", {}, {.since_keras3 = true});

}  // namespace cornu::keras::layers
