#include "cornu/keras/layers/preprocessing/random_affine.h"

#include <array>
#include <numbers>

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/keras/field_value.h"
#include "cornu/keras/layers/preprocessing/internal/image_layer.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/image/affine_transform.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/native/slice.h"

namespace cornu::keras::layers {
namespace {

using graph::require;
using internal::Bounds;

/// A layer that sees each picture through coordinates of its own.
template <class Config>
class RandomAffineLayer : public internal::ImageLayer<Config> {
 public:
  using internal::ImageLayer<Config>::ImageLayer;

 protected:
  void complete() {
    internal::ImageLayer<Config>::complete();
    transforming().check(this->who());
  }
  /// Where the pixel (x, y) of each picture comes from: x' = a0 x + a1 y + a2, y' = b0 x + b1 y + b2; each of shape
  /// (batch, 1).
  virtual std::array<Tensor, 6> coordinates(const Tensor& images, Context& ctx) = 0;

  Tensor changed(const Tensor& images, Context& ctx) override {
    const Tensor x = this->as_floats(images);
    if (!ctx.training()) return x;
    const auto columns = coordinates(x, ctx);
    Tensors all(columns.begin(), columns.end());
    all.push_back(number(x, 0)), all.push_back(number(x, 0));
    return ops::image::affine_transform(x, ops::concatenate(all, 1), transforming());
  }

  static Tensor number(const Tensor& images, double value) { return ops::full(column(images), value, graph::float32); }
  Tensor random_column(const Tensor& images, const Bounds& bounds, Context& ctx) {
    return internal::uniform(this->random_state(ctx), column(images), bounds);
  }

 private:
  static Shape column(const Tensor& images) { return {images.shape()[0], 1}; }
  ops::image::AffineTransformConfig transforming() const {
    const Config& c = this->config_;
    return {.interpolation = c.interpolation,
            .fill_mode = c.fill_mode,
            .fill_value = c.fill_value,
            .data_format = c.data_format};
  }
};

struct RandomRotationLayer final : RandomAffineLayer<RandomRotationConfig> {
  explicit RandomRotationLayer(RandomRotationConfig config) : RandomAffineLayer(std::move(config)) {
    complete();
    turns_ = internal::complete_bounds(who(), "factor", config_.factor, -1, 1);
  }

 protected:
  std::array<Tensor, 6> coordinates(const Tensor& x, Context& ctx) override {
    constexpr double kTurn = 2 * std::numbers::pi;
    const Tensor angle = random_column(x, {turns_.lower * kTurn, turns_.upper * kTurn}, ctx);
    const double middle_x = static_cast<double>(width(x) - 1) / 2, middle_y = static_cast<double>(height(x) - 1) / 2;
    const Tensor cos = ops::cos(angle), sin = ops::sin(angle);
    return {cos, -sin, middle_x - cos * middle_x + sin * middle_y,
            sin, cos,  middle_y - sin * middle_x - cos * middle_y};
  }

 private:
  Bounds turns_;
};

struct RandomZoomLayer final : RandomAffineLayer<RandomZoomConfig> {
  explicit RandomZoomLayer(RandomZoomConfig config) : RandomAffineLayer(std::move(config)) {
    complete();
    height_ = scales("height_factor", config_.height_factor);
    if (config_.width_factor) width_ = scales("width_factor", config_.width_factor);
  }

 protected:
  std::array<Tensor, 6> coordinates(const Tensor& x, Context& ctx) override {
    const Tensor down = random_column(x, height_, ctx),
                 across = config_.width_factor ? random_column(x, width_, ctx) : down;
    const auto offset = [](const Tensor& scale, std::int64_t length) {
      return (1 - scale) * (static_cast<double>(length - 1) / 2);
    };
    return {across, number(x, 0), offset(across, width(x)), number(x, 0), down, offset(down, height(x))};
  }

 private:
  Bounds scales(const char* argument, const Range& factor) const {
    const Bounds shares = internal::bounds_of(who(), argument, factor, -1, 1);
    for (const double share : *factor)
      require<ValueError>(share > -1, who(), "expected a ", argument, " above -1, got ", share);
    return {1 + shares.lower, 1 + shares.upper};
  }

  Bounds height_, width_;
};

struct RandomShearLayer final : RandomAffineLayer<RandomShearConfig> {
  explicit RandomShearLayer(RandomShearConfig config) : RandomAffineLayer(std::move(config)) {
    complete();
    x_ = shares("x_factor", config_.x_factor);
    y_ = shares("y_factor", config_.y_factor);
  }

 protected:
  std::array<Tensor, 6> coordinates(const Tensor& x, Context& ctx) override {
    const Tensor chance = random_column(x, {0, 1}, ctx), one = number(x, 1);
    const Tensor way = ops::where(ops::greater(chance, graph::constant(0.5, float32)), -one, one);
    const Tensor down = random_column(x, y_, ctx) * way, across = random_column(x, x_, ctx) * way;
    return {one, across, number(x, 0), down, one, number(x, 0)};
  }

 private:
  /// Files of Keras have (-f, f) for a number f, which Keras itself refuses when it reads them.
  Bounds shares(const char* argument, Range& factor) const {
    if (factor && factor->size() == 2 && factor->front() == -factor->back() && factor->back() > 0)
      factor = factor->back();
    const Bounds bounds = internal::bounds_of(who(), argument, factor, 0, 1);
    return factor->size() == 1 ? Bounds{-bounds.upper, bounds.upper} : bounds;
  }

  Bounds x_, y_;
};

struct RandomTranslationLayer final : RandomAffineLayer<RandomTranslationConfig> {
  explicit RandomTranslationLayer(RandomTranslationConfig config) : RandomAffineLayer(std::move(config)) {
    complete();
    height_ = internal::bounds_of(who(), "height_factor", config_.height_factor, -1, 1);
    width_ = internal::bounds_of(who(), "width_factor", config_.width_factor, -1, 1);
  }

 protected:
  std::array<Tensor, 6> coordinates(const Tensor& x, Context& ctx) override {
    const Tensor down = random_column(x, height_, ctx) * height(x), right = random_column(x, width_, ctx) * width(x);
    return {number(x, 1), number(x, 0), -right, number(x, 0), number(x, 1), -down};
  }

 private:
  Bounds height_, width_;
};

const bool random_affine_registered = registry().add<RandomRotationLayer>("RandomRotation") &&
                                      registry().add<RandomZoomLayer>("RandomZoom") &&
                                      registry().add<RandomTranslationLayer>("RandomTranslation") &&
                                      registry().add<RandomShearLayer>("RandomShear", {}, {.since_keras3 = true});

template <class Config>
void common_fields(Config& c, ConfigVisitor& v) {
  v("fill_mode", c.fill_mode), v("interpolation", c.interpolation), v("seed", c.seed), v("fill_value", c.fill_value);
  internal::visit_data_format(v, c.data_format);
}

template <class Config>
void fields_of_two_factors(Config& c, ConfigVisitor& v) {
  v.visit({"height_factor", {.number_if_one = true}}, &c.height_factor);
  v.visit({"width_factor", {.number_if_one = true}}, &c.width_factor);
  common_fields(c, v);
}

}  // namespace

void RandomRotationConfig::fields(ConfigVisitor& v) {
  v.visit({"factor"}, &factor);
  common_fields(*this, v);
}
void RandomZoomConfig::fields(ConfigVisitor& v) { fields_of_two_factors(*this, v); }
void RandomTranslationConfig::fields(ConfigVisitor& v) { fields_of_two_factors(*this, v); }

void RandomShearConfig::fields(ConfigVisitor& v) {
  v.visit({"x_factor", {.number_if_one = true}}, &x_factor);
  v.visit({"y_factor", {.number_if_one = true}}, &y_factor);
  v("interpolation", interpolation), v("fill_mode", fill_mode), v("fill_value", fill_value);
  internal::visit_format_and_seed(v, *this);
}

Made<Layer, RandomRotationConfig> RandomRotationConfig::make() const {
  return std::make_shared<RandomRotationLayer>(*this);
}
Made<Layer, RandomZoomConfig> RandomZoomConfig::make() const { return std::make_shared<RandomZoomLayer>(*this); }
Made<Layer, RandomTranslationConfig> RandomTranslationConfig::make() const {
  return std::make_shared<RandomTranslationLayer>(*this);
}

Made<Layer, RandomShearConfig> RandomShearConfig::make() const { return std::make_shared<RandomShearLayer>(*this); }

}  // namespace cornu::keras::layers
