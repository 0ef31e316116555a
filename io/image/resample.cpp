#include "cornu/io/image/internal/resample.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace cornu::io::image::internal {

using namespace graph;

namespace {

struct Filter {
  double support;  // at scale 1
  double (*weight)(double);
};

double sinc(double x) { return x == 0 ? 1 : std::sin(std::numbers::pi * x) / (std::numbers::pi * x); }

Filter filter_of(Interpolation method) {
  switch (method) {
    case Interpolation::bilinear_antialiased:
      return {1, [](double x) { return std::max(0.0, 1 - std::abs(x)); }};
    case Interpolation::hamming:
      return {1, [](double x) {
                return std::abs(x) >= 1 ? 0 : sinc(x) * (0.54f + 0.46f * std::cos(std::numbers::pi * x));
              }};
    case Interpolation::bicubic:
      return {2, [](double x) {
                constexpr double a = -0.5;
                x = std::abs(x);
                return x < 1 ? ((a + 2) * x - (a + 3)) * x * x + 1 : x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
              }};
    case Interpolation::lanczos:
      return {3, [](double x) { return -3 <= x && x < 3 ? sinc(x) * sinc(x / 3) : 0; }};
    default:
      return {0.5, [](double x) { return -0.5 < x && x <= 0.5 ? 1.0 : 0.0; }};
  }
}

constexpr int kBits = 32 - 8 - 2;  // room for the sum of weights of either sign times 255

/// The source pixels that make one new pixel.
struct Window {
  std::int64_t first;
  std::vector<double> weights;
};

/// For the `to` pixels that the source's pixels [start, start + length) become; the source has `all` pixels.
std::vector<Window> windows(std::int64_t all, std::int64_t start, std::int64_t length, std::int64_t to,
                            const Filter& filter) {
  const double scale = static_cast<double>(length) / static_cast<double>(to), filter_scale = std::max(scale, 1.0);
  const double support = filter.support * filter_scale;
  std::vector<Window> result;
  for (std::int64_t i = 0; i < to; ++i) {
    const double center = static_cast<double>(start) + (static_cast<double>(i) + 0.5) * scale;
    const std::int64_t first = std::max<std::int64_t>(0, static_cast<std::int64_t>(center - support + 0.5));
    const std::int64_t last = std::min(all, static_cast<std::int64_t>(center + support + 0.5));
    Window window{first, {}};
    double sum = 0;
    for (std::int64_t x = first; x < last; ++x) {
      window.weights.push_back(filter.weight((static_cast<double>(x) - center + 0.5) * (1 / filter_scale)));
      sum += window.weights.back();
    }
    if (sum != 0)
      for (double& w : window.weights) w /= sum;
    result.push_back(std::move(window));
  }
  return result;
}

/// How a dtype's pixels are summed up.
struct Bytes {
  using Pixel = std::uint8_t;
  using Weight = std::int32_t;
  using Sum = std::int64_t;
  static Weight weight(double w) { return static_cast<Weight>((w < 0 ? -0.5 : 0.5) + w * (1 << kBits)); }
  static constexpr Sum kStart = Sum{1} << (kBits - 1);
  static Pixel rounded(Sum sum) { return static_cast<Pixel>(std::clamp<Sum>(sum >> kBits, 0, 255)); }
};

struct Grey16 {
  using Pixel = std::int32_t;
  using Weight = double;
  using Sum = double;
  static Weight weight(double w) { return w; }
  static constexpr Sum kStart = 0;
  static Pixel rounded(Sum sum) { return static_cast<Pixel>(std::clamp(std::floor(sum + 0.5), 0.0, 65535.0)); }
};

/// Along the middle axis of (outer, from, inner).
template <class Kind>
Array along(const Array& in, std::int64_t outer, std::int64_t from, std::int64_t inner,
            const std::vector<Window>& windows) {
  using Pixel = typename Kind::Pixel;
  Array out({outer, static_cast<std::int64_t>(windows.size()), inner}, in.dtype());
  std::vector<typename Kind::Sum> sums(static_cast<std::size_t>(inner));
  Pixel* y = out.data<Pixel>();
  for (std::int64_t o = 0; o < outer; ++o)
    for (const Window& window : windows) {
      std::fill(sums.begin(), sums.end(), Kind::kStart);
      const Pixel* x = in.data<Pixel>() + (o * from + window.first) * inner;
      for (double w : window.weights) {
        const auto weight = Kind::weight(w);
        for (auto& sum : sums) sum += static_cast<typename Kind::Sum>(weight) * *x++;
      }
      y = std::transform(sums.begin(), sums.end(), y, Kind::rounded);
    }
  return out;
}

template <class Kind>
Array resample_as(const Array& image, const Box& box, std::int64_t height, std::int64_t width, const Filter& filter) {
  const std::int64_t h = image.shape()[0], w = image.shape()[1], channels = image.shape()[2];
  Array out = image;
  const auto across = [&] {
    if (width == w && box.left == 0 && box.width == w) return;
    out = along<Kind>(out, out.shape()[0], w, channels, windows(w, box.left, box.width, width, filter));
  };
  const auto down = [&] {
    if (height == h && box.top == 0 && box.height == h) return;
    out = along<Kind>(out, 1, h, out.shape()[1] * channels, windows(h, box.top, box.height, height, filter));
    out = out.reshape({height, out.shape()[2] / channels, channels});
  };
  // Each pass rounds, so the order shows. Pillow 13 begins with the columns where that leaves much fewer pixels.
  const bool down_first = height < h && h - height > 2 * (w - width);
  if (down_first) down();
  across();
  if (!down_first) down();
  return out;
}

/// Pillow's rounded product / 255.
std::uint8_t times(int a, int b) {
  const int product = a * b + 128;
  return static_cast<std::uint8_t>(((product >> 8) + product) >> 8);
}

Array premultiplied(const Array& rgba) {
  Array out(rgba.shape(), uint8);
  const std::uint8_t* in = rgba.data<std::uint8_t>();
  std::uint8_t* to = out.data<std::uint8_t>();
  for (std::int64_t i = 0; i < rgba.size(); ++i) to[i] = i % 4 == 3 ? in[i] : times(in[i], in[i | 3]);
  return out;
}

void divide_by_alpha(Array& rgba) {
  std::uint8_t* p = rgba.data<std::uint8_t>();
  for (std::int64_t i = 0; i < rgba.size(); i += 4)
    if (const int alpha = p[i + 3]; alpha != 0)
      for (int c = 0; c < 3; ++c) p[i + c] = static_cast<std::uint8_t>(std::min(255, 255 * p[i + c] / alpha));
}

}  // namespace

Array resample(const Array& image, const Box& box, std::int64_t height, std::int64_t width, Interpolation method) {
  const Filter filter = filter_of(method);
  if (image.dtype() == int32) return resample_as<Grey16>(image, box, height, width, filter);
  if (image.shape()[2] != 4) return resample_as<Bytes>(image, box, height, width, filter);
  // The colour of a transparent pixel must not show in its neighbours.
  Array out = resample_as<Bytes>(premultiplied(image), box, height, width, filter);
  divide_by_alpha(out);
  return out;
}

}  // namespace cornu::io::image::internal
