#include "cornu/io/image/resize.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "cornu/io/image/image.h"
#include "cornu/io/image/internal/resample.h"

namespace cornu::io::image {

using namespace graph;

namespace {

/// start + floor((i + 0.5) * from / to), at most `last`, summed up step by step as Pillow does: where the exact value
/// is a whole number, the rounding errors of the sum decide.
std::vector<std::int64_t> nearest(std::int64_t start, std::int64_t from, std::int64_t last, std::int64_t to) {
  const double scale = static_cast<double>(from) / static_cast<double>(to);
  std::vector<std::int64_t> all;
  double position = static_cast<double>(start) + scale * 0.5;
  for (std::int64_t i = 0; i < to; ++i, position += scale)
    all.push_back(std::min(static_cast<std::int64_t>(position), last));
  return all;
}

Array resize_nearest(const Array& image, const Box& box, std::int64_t height, std::int64_t width) {
  const auto columns = nearest(box.left, box.width, image.shape()[1] - 1, width),
             rows = nearest(box.top, box.height, image.shape()[0] - 1, height);
  const std::size_t pixel = image.nbytes() / static_cast<std::size_t>(image.shape()[0] * image.shape()[1]);
  Array out({height, width, image.shape()[2]}, image.dtype());
  std::byte* to = out.bytes();
  for (std::int64_t y : rows)
    for (std::int64_t x : columns)
      to = std::copy_n(image.bytes() + static_cast<std::size_t>(y * image.shape()[1] + x) * pixel, pixel, to);
  return out;
}

/// Two neighbours and their weights, which sum to 2^11. Whole numbers give the same result on every machine.
struct Neighbours {
  std::int64_t first, second;
  std::int32_t first_weight, second_weight;
};
constexpr int kBits = 11;

/// Beyond the edge both neighbours are the pixel at the edge. Along x cv2 then gives one of them all the weight. Along
/// y it shares the weight out and rounds the two parts one by one, which gives other numbers.
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
  if (image.shape()[0] == height && image.shape()[1] == width) return image;
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
    // cv2 drops low bits in these steps. We do the same, to get its numbers.
    for (std::int64_t i = 0; i < stride; ++i)
      *to++ = static_cast<std::uint8_t>(
          (((y.first_weight * (upper[i] >> 4)) >> 16) + ((y.second_weight * (lower[i] >> 4)) >> 16) + 2) >> 2);
  }
  return out;
}

void require_image(const Array& image, const char* who) {
  require<ShapeError>(image.ndim() == 3 && image.size() > 0, who,
                      " needs an image of shape (height, width, channels), got ", image.shape());
  require<TypeError>(image.dtype() == uint8 || (image.dtype() == int32 && image.shape()[2] == 1), who,
                     " needs an image of dtype uint8 (or int32, if grey), got ", image.dtype());
}

void require_inside(const Array& image, const Box& box, std::int64_t least, const char* who) {
  const auto& [top, left, height, width] = box;
  require<ValueError>(top >= 0 && left >= 0 && height >= least && width >= least && top <= image.shape()[0] - height &&
                          left <= image.shape()[1] - width,
                      who, " of ", height, " x ", width, " pixels from (", top, ", ", left,
                      ") out of an image of shape ", image.shape());
}

}  // namespace

Array resize(const Array& image, std::int64_t height, std::int64_t width, Interpolation method) {
  require_image(image, "resize");
  return resize(image, {0, 0, image.shape()[0], image.shape()[1]}, height, width, method);
}

Array resize(const Array& image, const Box& box, std::int64_t height, std::int64_t width, Interpolation method) {
  require_image(image, "resize");
  require_inside(image, box, method == Interpolation::bilinear ? 1 : 0, "resize");
  require<ValueError>(height > 0 && width > 0 && height <= kMaxPixels / width, "resize to height ", height,
                      " and width ", width, ": both must be positive, with at most ", kMaxPixels, " pixels");
  if (height == image.shape()[0] && width == image.shape()[1] && box.height == height && box.width == width)
    return image;
  if (method == Interpolation::nearest) return resize_nearest(image, box, height, width);
  if (method != Interpolation::bilinear) return internal::resample(image, box, height, width, method);
  require<TypeError>(image.dtype() == uint8, "resize: bilinear without antialiasing needs dtype uint8, got ",
                     image.dtype());
  return resize_bilinear(crop(image, box), height, width);
}

Array crop(const Array& image, const Box& box) {
  require_image(image, "crop");
  require_inside(image, box, 1, "crop");
  if (box.height == image.shape()[0] && box.width == image.shape()[1]) return image;
  const std::size_t row = image.nbytes() / static_cast<std::size_t>(image.shape()[0]),
                    pixel = row / static_cast<std::size_t>(image.shape()[1]);
  Array out({box.height, box.width, image.shape()[2]}, image.dtype());
  std::byte* to = out.bytes();
  for (std::int64_t y = box.top; y < box.top + box.height; ++y)
    to = std::copy_n(image.bytes() + static_cast<std::size_t>(y) * row + static_cast<std::size_t>(box.left) * pixel,
                     static_cast<std::size_t>(box.width) * pixel, to);
  return out;
}

}  // namespace cornu::io::image
