// Each pixel is a sum of at most four pixels of the input, weighted by how near the point lies to which it is mapped.
// With the points given, that is linear in the input: the gradient hands each pixel's back by the same weights.
#include "cornu/ops/image/affine_transform.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "cornu/graph/check.h"
#include "cornu/graph/op.h"
#include "cornu/ops/image/internal/axes.h"
#include "cornu/ops/internal/floating.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/transpose.h"

namespace cornu::ops::image {
namespace {

using graph::require;
using graph::ShapeError;
using graph::Specs;
using graph::Tensors;
using graph::ValueError;

enum class Fill { constant, nearest, reflect, wrap };
constexpr std::array<std::pair<std::string_view, Fill>, 4> kFills{
    {{"constant", Fill::constant}, {"nearest", Fill::nearest}, {"reflect", Fill::reflect}, {"wrap", Fill::wrap}}};

/// std::floor for numbers that an int32 holds, which costs no call.
float floor_near(float x) {
  const auto whole = static_cast<float>(static_cast<std::int32_t>(x));
  return whole > x ? whole - 1 : whole;
}

float brought_within(Fill fill, float at, std::int64_t length) {
  const auto last = static_cast<float>(length - 1);
  if (fill == Fill::reflect) {
    const float twice = 2 * static_cast<float>(length);
    at -= twice * std::floor(at / twice);
    if (at >= static_cast<float>(length)) at = twice - at - 1;
  } else if (fill == Fill::wrap && length > 1) {
    // As in TensorFlow, which counts by the distance of the ends and goes round by the number of pixels.
    if (at < 0)
      at += static_cast<float>(length) * (std::floor(-at / last) + 1);
    else if (at > last)
      at -= static_cast<float>(length) * std::floor(at / last);
  }
  return std::clamp(at, 0.f, last);
}

/// A coordinate that may lie beyond an axis of that length, as one within it; as it is where beyond there is another
/// number.
inline float within(Fill fill, float at, std::int64_t length) {
  if (fill == Fill::constant || (at >= 0 && at <= static_cast<float>(length - 1))) return at;
  return brought_within(fill, at, length);
}

/// How each pixel of a picture is put together.
struct Mapping {
  std::int64_t height = 0, width = 0;
  bool bilinear = true;
  Fill fill = Fill::constant;

  /// Calls f(weight, place) for each pixel that counts for the pixel (x, y); place -1 is beyond the picture.
  template <class F>
  void each(const float* t, std::int64_t column, std::int64_t row, F&& f) const {
    float at_x = 0, at_y = 0;
    if (!find(t, column, row, at_x, at_y)) return f(1.f, std::int64_t{-1});
    if (!bilinear) return f(1.f, place(std::round(at_x), std::round(at_y)));
    const float left = floor_near(at_x), top = floor_near(at_y), to_right = at_x - left, down = at_y - top;
    f((1 - down) * (1 - to_right), place(left, top));
    f((1 - down) * to_right, place(left + 1, top));
    f(down * (1 - to_right), place(left, top + 1));
    f(down * to_right, place(left + 1, top + 1));
  }

  /// The pixels of a picture seen through the transform: `each`, with the channels known to the compiler where they are
  /// few (0: `channels` says), and without asking for places where all four lie in the picture.
  template <int kChannels>
  void look(const float* t, const float* from, float* to, std::int64_t channels, float value) const {
    if constexpr (kChannels > 0) channels = kChannels;
    const std::int64_t line = width * channels;
    for (std::int64_t row = 0; row < height; ++row)
      for (std::int64_t column = 0; column < width; ++column, to += channels) {
        float at_x = 0, at_y = 0;
        const bool near = find(t, column, row, at_x, at_y);
        const float left = near ? floor_near(at_x) : 0, top = near ? floor_near(at_y) : 0;
        if (near && bilinear && left >= 0 && top >= 0 && left + 1 < static_cast<float>(width) &&
            top + 1 < static_cast<float>(height)) {
          const float to_right = at_x - left, down = at_y - top;
          const float a = (1 - down) * (1 - to_right), b = (1 - down) * to_right, c = down * (1 - to_right),
                      d = down * to_right;
          const float* corner =
              from + static_cast<std::int64_t>(top) * line + static_cast<std::int64_t>(left) * channels;
          for (std::int64_t k = 0; k < channels; ++k)
            to[k] = a * corner[k] + b * corner[channels + k] + c * corner[line + k] + d * corner[line + channels + k];
          continue;
        }
        std::fill_n(to, channels, 0.f);
        each(t, column, row, [&](float weight, std::int64_t place) {
          for (std::int64_t k = 0; k < channels; ++k)
            to[k] += weight * (place < 0 ? value : from[place * channels + k]);
        });
      }
  }

 private:
  /// The point that a pixel shows. False if it is far away, at infinity or nowhere: there is no pixel, and no whole
  /// number that says where.
  bool find(const float* t, std::int64_t column, std::int64_t row, float& at_x, float& at_y) const {
    const auto x = static_cast<float>(column), y = static_cast<float>(row);
    float u = t[0] * x + t[1] * y + t[2], v = t[3] * x + t[4] * y + t[5];
    if (t[6] != 0 || t[7] != 0) {
      const float k = t[6] * x + t[7] * y + 1;
      u /= k, v /= k;
    }
    constexpr float kFar = 1 << 24;
    if (!(std::abs(u) < kFar && std::abs(v) < kFar)) return false;
    at_x = within(fill, u, width), at_y = within(fill, v, height);
    return true;
  }

  std::int64_t place(float x, float y) const {
    const auto column = static_cast<std::int64_t>(x), row = static_cast<std::int64_t>(y);
    return column >= 0 && column < width && row >= 0 && row < height ? row * width + column : -1;
  }
};

struct AffineTransform final : Op {
  bool bilinear = true;
  Fill fill = Fill::constant;
  double fill_value = 0;
  bool transposed = false;  ///< hands back, to the pixels that a picture was made of, what came for its own
  std::string_view name() const override { return "affine_transform"; }
  void fields(FieldVisitor& f) const override {
    f("bilinear", bilinear);
    f("fill", kFills[static_cast<std::size_t>(fill)].first);
    f("fill_value", fill_value);
    f("transposed", transposed);
  }
  Specs infer(const Specs& in) const override {
    ops::internal::require_computed(name(), in[0]);
    const Shape &x = in[0].shape, &t = in[1].shape;
    ops::internal::require_computed(name(), in[1]);
    require<ShapeError>(x.rank() == 4, "affine_transform: expected pictures of four axes, got shape ", x);
    require<ShapeError>(t.rank() == 2 && t[1] == 8 && (t[0] == 1 || t[0] == x[0]),
                        "affine_transform: expected a transform of shape (8,), or one for each of ", x[0],
                        " pictures, got shape ", t);
    return {in[0]};
  }
  Tensors gradient(const Backward& b) const override {
    auto op = std::make_shared<AffineTransform>(*this);
    op->fill_value = 0;
    op->transposed = !transposed;
    return {graph::apply1(std::move(op), {b.dy(), b.x(1)}), Tensor()};
  }
  Kernel plan(const PlanRequest& r) const override {
    const Shape& x = r.in[0].shape;
    const Mapping mapping{x[1], x[2], bilinear, fill};
    const std::int64_t channels = x[3], size = x.drop_front().elements();
    const bool one_for_all = r.in[1].shape[0] == 1;
    const auto value = static_cast<float>(fill_value);
    return Kernel::native(r.parts(x.elements() * 8), [=, images = x[0], back = transposed](const graph::Call& c) {
      c.share(images, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t image = begin; image < end; ++image) {
          const float* t = c.in<float>(1) + (one_for_all ? 0 : image * 8);
          const float* from = c.in<float>() + image * size;
          float* to = c.out<float>() + image * size;
          if (!back) {
            const auto look = channels == 1 ? &Mapping::look<1> : channels == 3 ? &Mapping::look<3> : &Mapping::look<0>;
            (mapping.*look)(t, from, to, channels, value);
            continue;
          }
          std::fill_n(to, size, 0.f);
          for (std::int64_t i = 0; i < mapping.height * mapping.width; ++i)
            mapping.each(t, i % mapping.width, i / mapping.width, [&](float weight, std::int64_t place) {
              for (std::int64_t k = 0; place >= 0 && k < channels; ++k)
                to[place * channels + k] += weight * from[i * channels + k];
            });
        }
      });
    });
  }
};
const bool affine_transform_registered = graph::register_op<AffineTransform>();

Fill fill_of(std::string_view who, const std::string& name) {
  for (const auto& [known, fill] : kFills)
    if (name == known) return fill;
  throw ValueError(
      graph::message(who, "expected fill_mode 'constant', 'nearest', 'reflect' or 'wrap', got '", name, "'"));
}

}  // namespace

void AffineTransformConfig::check(std::string_view who) const {
  require<ValueError>(interpolation == "bilinear" || interpolation == "nearest", who,
                      "expected interpolation 'bilinear' or 'nearest', got '", interpolation, "'");
  fill_of(who, fill_mode);
  internal::require_data_format(who, data_format);
}

Tensor affine_transform(const Tensor& images, const Tensor& transform, const AffineTransformConfig& config) {
  config.check("affine_transform: ");
  internal::axes_of("affine_transform: ", images.shape(), config.data_format);
  auto op = std::make_shared<AffineTransform>();
  op->bilinear = config.interpolation == "bilinear";
  op->fill = fill_of("", config.fill_mode);
  op->fill_value = config.fill_value;
  const bool single = images.ndim() == 3, first = config.data_format == "channels_first";
  Tensor x = single ? expand_dims(images, 0) : images;
  if (first) x = moveaxis(x, 1, -1);
  x = graph::apply1(std::move(op), {x, transform.ndim() == 1 ? expand_dims(transform, 0) : transform});
  if (first) x = moveaxis(x, -1, 1);
  return single ? squeeze(x, 0) : x;
}

}  // namespace cornu::ops::image
