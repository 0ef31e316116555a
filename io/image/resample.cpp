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
  std::vector<std::int32_t> weights;
};

std::vector<Window> windows(std::int64_t from, std::int64_t to, const Filter& filter) {
  const double scale = static_cast<double>(from) / static_cast<double>(to), filter_scale = std::max(scale, 1.0);
  const double support = filter.support * filter_scale;
  std::vector<Window> all;
  for (std::int64_t i = 0; i < to; ++i) {
    const double center = (static_cast<double>(i) + 0.5) * scale;
    const std::int64_t first = std::max<std::int64_t>(0, static_cast<std::int64_t>(center - support + 0.5));
    const std::int64_t last = std::min(from, static_cast<std::int64_t>(center + support + 0.5));
    std::vector<double> exact;
    double sum = 0;
    for (std::int64_t x = first; x < last; ++x) {
      exact.push_back(filter.weight((static_cast<double>(x) - center + 0.5) * (1 / filter_scale)));
      sum += exact.back();
    }
    Window window{first, {}};
    for (double w : exact) {
      if (sum != 0) w *= 1 / sum;
      window.weights.push_back(static_cast<std::int32_t>((w < 0 ? -0.5 : 0.5) + w * (1 << kBits)));
    }
    all.push_back(std::move(window));
  }
  return all;
}

std::uint8_t rounded(std::int64_t sum) {
  return static_cast<std::uint8_t>(std::clamp<std::int64_t>(sum >> kBits, 0, 255));
}

/// Along the middle axis of (outer, from, inner).
Array along(const Array& in, std::int64_t outer, std::int64_t from, std::int64_t inner, std::int64_t to,
            const Filter& filter) {
  Array out({outer, to, inner}, uint8);
  const auto all = windows(from, to, filter);
  std::vector<std::int64_t> sums(inner);
  std::uint8_t* y = out.data<std::uint8_t>();
  for (std::int64_t o = 0; o < outer; ++o)
    for (const Window& window : all) {
      std::fill(sums.begin(), sums.end(), std::int64_t{1} << (kBits - 1));
      const std::uint8_t* x = in.data<std::uint8_t>() + (o * from + window.first) * inner;
      for (std::int32_t weight : window.weights)
        for (std::int64_t& sum : sums) sum += std::int64_t{weight} * *x++;
      y = std::transform(sums.begin(), sums.end(), y, rounded);
    }
  return out;
}

}  // namespace

Array resample(const Array& image, std::int64_t height, std::int64_t width, Interpolation method) {
  const std::int64_t h = image.shape()[0], w = image.shape()[1], channels = image.shape()[2];
  const Filter filter = filter_of(method);
  Array wide = w == width ? image : along(image, h, w, channels, width, filter);
  Array all = h == height ? wide : along(wide, 1, h, width * channels, height, filter);
  return all.reshape({height, width, channels});
}

}  // namespace cornu::io::image::internal
