#include "cornu/io/image/resize.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "cornu/io/image/image.h"
#include "cornu/io/image/internal/resample.h"

namespace cornu::io::image {

using namespace graph;

namespace {

/// floor((i + 0.5) * from / to), summed up step by step as Pillow does: where the exact value is a whole number, the
/// rounding errors of the sum decide.
std::vector<std::int64_t> nearest(std::int64_t from, std::int64_t to) {
  const double scale = static_cast<double>(from) / static_cast<double>(to);
  std::vector<std::int64_t> all;
  double position = scale * 0.5;
  for (std::int64_t i = 0; i < to; ++i, position += scale)
    all.push_back(std::min(static_cast<std::int64_t>(position), from - 1));
  return all;
}

Array resize_nearest(const Array& image, std::int64_t height, std::int64_t width) {
  const std::int64_t w = image.shape()[1], channels = image.shape()[2];
  const auto columns = nearest(w, width), rows = nearest(image.shape()[0], height);
  Array out({height, width, channels}, uint8);
  std::uint8_t* to = out.data<std::uint8_t>();
  for (std::int64_t y : rows)
    for (std::int64_t x : columns) to = std::copy_n(image.data<std::uint8_t>() + (y * w + x) * channels, channels, to);
  return out;
}

/// Two neighbours and their weights, which sum to 2^11: with whole numbers the result does not depend on the machine.
struct Neighbours {
  std::int64_t first, second;
  std::int32_t first_weight, second_weight;
};
constexpr int kBits = 11;

/// Beyond the edge both neighbours are the edge. Along x cv2 then gives all weight to one of them, along y it does not,
/// and the two parts are rounded one by one: so the numbers of the first and last rows differ.
std::vector<Neighbours> neighbours(std::int64_t from, std::int64_t to, bool whole_weight_at_edges) {
  const double scale = 1 / (static_cast<double>(to) / static_cast<double>(from));
  std::vector<Neighbours> all;
  for (std::int64_t i = 0; i < to; ++i) {
    float position = static_cast<float>((static_cast<double>(i) + 0.5) * scale - 0.5);
    std::int64_t first = static_cast<std::int64_t>(std::floor(position));
    position -= static_cast<float>(first);
    if (whole_weight_at_edges && (first < 0 || first >= from - 1)) position = 0;
    const auto weight = [](float part) { return static_cast<std::int32_t>(std::lrint(part * (1 << kBits))); };
    const auto inside = [&](std::int64_t row) { return std::clamp<std::int64_t>(row, 0, from - 1); };
    all.push_back({inside(first), inside(first + 1), weight(1.f - position), weight(position)});
  }
  return all;
}

Array resize_bilinear(const Array& image, std::int64_t height, std::int64_t width) {
  const std::int64_t h = image.shape()[0], w = image.shape()[1], channels = image.shape()[2], stride = width * channels;
  const auto columns = neighbours(w, width, true), rows = neighbours(h, height, false);
  // Only two source rows are needed at a time, interpolated along x.
  std::vector<std::int32_t> upper(stride), lower(stride);
  std::int64_t upper_row = -1, lower_row = -1;
  const auto interpolate = [&](std::int64_t row, std::vector<std::int32_t>& out) {
    const std::uint8_t* in = image.data<std::uint8_t>() + row * w * channels;
    std::int32_t* to = out.data();
    for (const Neighbours& x : columns)
      for (std::int64_t c = 0; c < channels; ++c)
        *to++ = in[x.first * channels + c] * x.first_weight + in[x.second * channels + c] * x.second_weight;
  };
  Array out({height, width, channels}, uint8);
  std::uint8_t* to = out.data<std::uint8_t>();
  for (const Neighbours& y : rows) {
    if (upper_row != y.first && lower_row == y.first) std::swap(upper, lower), std::swap(upper_row, lower_row);
    if (upper_row != y.first) interpolate(upper_row = y.first, upper);
    if (lower_row != y.second) interpolate(lower_row = y.second, lower);
    // cv2 drops the low bits in these steps; so the numbers are the same.
    for (std::int64_t i = 0; i < stride; ++i)
      *to++ = static_cast<std::uint8_t>(
          (((y.first_weight * (upper[i] >> 4)) >> 16) + ((y.second_weight * (lower[i] >> 4)) >> 16) + 2) >> 2);
  }
  return out;
}

void require_image(const Array& image, const char* who) {
  require<TypeError>(image.dtype() == uint8, who, " needs an image of dtype uint8, got ", image.dtype());
  require<ShapeError>(image.ndim() == 3 && image.size() > 0, who,
                      " needs an image of shape (height, width, channels), got ", image.shape());
}

}  // namespace

Array resize(const Array& image, std::int64_t height, std::int64_t width, Interpolation method) {
  require_image(image, "resize");
  require<ValueError>(height > 0 && width > 0 && height <= kMaxPixels / width, "resize to height ", height,
                      " and width ", width, ": both must be positive, with at most ", kMaxPixels, " pixels");
  if (image.shape()[0] == height && image.shape()[1] == width) return image;
  if (method == Interpolation::nearest) return resize_nearest(image, height, width);
  if (method == Interpolation::bilinear) return resize_bilinear(image, height, width);
  return internal::resample(image, height, width, method);
}

Array crop(const Array& image, std::int64_t top, std::int64_t left, std::int64_t height, std::int64_t width) {
  require_image(image, "crop");
  const std::int64_t h = image.shape()[0], w = image.shape()[1], channels = image.shape()[2];
  require<ValueError>(top >= 0 && left >= 0 && height > 0 && width > 0 && top <= h - height && left <= w - width,
                      "crop of ", height, " x ", width, " pixels from (", top, ", ", left,
                      ") out of an image of shape ", image.shape());
  Array out({height, width, channels}, uint8);
  for (std::int64_t y = 0; y < height; ++y)
    std::copy_n(image.data<std::uint8_t>() + ((top + y) * w + left) * channels, width * channels,
                out.data<std::uint8_t>() + y * width * channels);
  return out;
}

}  // namespace cornu::io::image
