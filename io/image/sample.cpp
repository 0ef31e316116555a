#include "cornu/io/image/sample.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "cornu/graph/check.h"

namespace cornu::io::image {

using namespace graph;

namespace {

constexpr const char* kSamplingNames[] = {"nearest",  "bilinear", "bicubic",  "area",
                                          "lanczos3", "lanczos5", "gaussian", "mitchellcubic"};

/// The old pixels of one axis that make a new one, with their weights.
struct Taps {
  std::int64_t first;
  std::vector<float> weights;
};

/// Reach and shape of a method, x in old pixels.
struct Kernel {
  double radius;
  double (*weight)(double);
};

double lanczos(double x, double radius) {
  if (x > radius) return 0;
  if (x <= 1e-3) return 1;
  const double pi_x = std::numbers::pi * x;
  return radius * std::sin(pi_x) * std::sin(pi_x / radius) / (pi_x * pi_x);
}

Kernel kernel_of(Sampling method) {
  switch (method) {
    case Sampling::bicubic:  // Keys, a = -0.5
      return {2, [](double x) {
                return x >= 2 ? 0 : x >= 1 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : (1.5 * x - 2.5) * x * x + 1;
              }};
    case Sampling::lanczos3:
      return {3, [](double x) { return lanczos(x, 3); }};
    case Sampling::lanczos5:
      return {5, [](double x) { return lanczos(x, 5); }};
    case Sampling::gaussian:
      return {1.5, [](double x) { return x >= 1.5 ? 0 : std::exp(-x * x / (2 * 0.5 * 0.5)); }};
    case Sampling::mitchellcubic:
      return {2, [](double x) {
                return x >= 2   ? 0
                       : x >= 1 ? (((-7.0 / 18) * x + 2) * x - 10.0 / 3) * x + 16.0 / 9
                                : ((7.0 / 6) * x - 2) * x * x + 8.0 / 9;
              }};
    default:
      return {1, [](double x) { return std::max(0.0, 1 - x); }};
  }
}

/// What covers [i * scale, (i + 1) * scale), each by its share.
Taps area_taps(std::int64_t i, double scale, std::int64_t in) {
  const double begin = static_cast<double>(i) * scale, end = begin + scale;
  Taps taps{static_cast<std::int64_t>(std::floor(begin)), {}};
  for (std::int64_t j = taps.first; static_cast<double>(j) < end && j < in; ++j) {
    const double low = std::max(begin, static_cast<double>(j)), high = std::min(end, static_cast<double>(j + 1));
    taps.weights.push_back(static_cast<float>((high - low) / scale));
  }
  return taps;
}

std::vector<Taps> taps_of(std::int64_t in, std::int64_t out, Sampling method) {
  const double scale = static_cast<double>(in) / static_cast<double>(out);
  const Kernel kernel = kernel_of(method);
  std::vector<Taps> all;
  for (std::int64_t i = 0; i < out; ++i) {
    const double center = (static_cast<double>(i) + 0.5) * scale;
    if (method == Sampling::nearest) {
      all.push_back({std::min(static_cast<std::int64_t>(std::floor(center)), in - 1), {1}});
      continue;
    }
    if (method == Sampling::area) {
      all.push_back(area_taps(i, scale, in));
      continue;
    }
    const auto first = std::max<std::int64_t>(0, static_cast<std::int64_t>(std::ceil(center - kernel.radius - 0.5)));
    const auto last = std::min(in - 1, static_cast<std::int64_t>(std::floor(center + kernel.radius - 0.5)));
    std::vector<double> weights;
    double sum = 0;
    for (std::int64_t j = first; j <= last; ++j) {
      weights.push_back(kernel.weight(std::abs(static_cast<double>(j) + 0.5 - center)));
      sum += weights.back();
    }
    Taps taps{first, {}};
    for (const double weight : weights) taps.weights.push_back(static_cast<float>(weight / sum));
    all.push_back(std::move(taps));
  }
  return all;
}

/// Methods that leave an image of the same size as it is.
bool interpolates(Sampling method) { return method != Sampling::gaussian && method != Sampling::mitchellcubic; }

template <class T>
void sample_rows(const T* from, const Shape& in, const std::vector<Taps>& rows, const std::vector<Taps>& columns,
                 float* to) {
  const std::int64_t width = in[1], channels = in[2], line = width * channels;
  std::vector<float> mixed(static_cast<std::size_t>(line));
  for (const Taps& row : rows) {
    std::fill(mixed.begin(), mixed.end(), 0.f);
    for (std::size_t k = 0; k < row.weights.size(); ++k) {
      const T* source = from + (row.first + static_cast<std::int64_t>(k)) * line;
      const float weight = row.weights[k];
      for (std::int64_t x = 0; x < line; ++x)
        mixed[static_cast<std::size_t>(x)] += weight * static_cast<float>(source[x]);
    }
    for (const Taps& column : columns)
      for (std::int64_t c = 0; c < channels; ++c) {
        const float* source = mixed.data() + column.first * channels + c;
        float sum = 0;
        for (const float weight : column.weights) sum += weight * *source, source += channels;
        *to++ = sum;
      }
  }
}

}  // namespace

Sampling sampling_of(std::string_view name) {
  const auto found = std::find(std::begin(kSamplingNames), std::end(kSamplingNames), name);
  if (found != std::end(kSamplingNames)) return static_cast<Sampling>(found - std::begin(kSamplingNames));
  std::string known;
  for (const char* other : kSamplingNames) known += (known.empty() ? "" : ", ") + std::string(other);
  throw ValueError(message("unknown interpolation '", name, "'; known are ", known));
}

Array sample(const Array& image, std::int64_t height, std::int64_t width, Sampling method) {
  require<ShapeError>(image.ndim() == 3 && image.size() > 0,
                      "sample: expected an image (height, width, channels), got shape ", image.shape());
  require<ValueError>(height > 0 && width > 0, "sample: expected a positive height and width, got ", height, " and ",
                      width);
  require<TypeError>(image.dtype() == uint8 || image.dtype() == int32 || image.dtype() == float32,
                     "sample: expected uint8, int32 or float32, got ", image.dtype());
  if (image.shape()[0] == height && image.shape()[1] == width && interpolates(method)) return image.astype(float32);
  Array out(Shape{height, width, image.shape()[2]}, float32);
  const std::vector<Taps> rows = taps_of(image.shape()[0], height, method),
                          columns = taps_of(image.shape()[1], width, method);
  if (image.dtype() == uint8)
    sample_rows(image.data<std::uint8_t>(), image.shape(), rows, columns, out.data<float>());
  else if (image.dtype() == int32)
    sample_rows(image.data<std::int32_t>(), image.shape(), rows, columns, out.data<float>());
  else
    sample_rows(image.data<float>(), image.shape(), rows, columns, out.data<float>());
  return out;
}

}  // namespace cornu::io::image
