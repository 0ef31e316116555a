#include "cornu/keras/initializers/stft.h"

#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

#include "cornu/graph/check.h"

namespace cornu::keras::initializers {
namespace {

using graph::require;

// Sums of cosines: a0 - a1 cos(t) + a2 cos(2t).
struct Cosines {
  const char* name;
  double a0, a1, a2;
};
constexpr Cosines kWindows[] = {
    {"hann", 0.5, 0.5, 0}, {"hamming", 0.54, 0.46, 0}, {"blackman", 0.42, 0.5, 0.08}, {"boxcar", 1, 0, 0}};

const Cosines* find_window(const std::string& name) {
  for (const Cosines& w : kWindows)
    if (name == w.name) return &w;
  return nullptr;
}

std::vector<double> window_values(const Cosines& w, std::int64_t length, bool periodic) {
  std::vector<double> values(static_cast<std::size_t>(length), 1.0);
  const auto period = static_cast<double>(periodic ? length : length - 1);
  if (period > 0)
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double t = 2 * std::numbers::pi * static_cast<double>(i) / period;
      values[i] = w.a0 - w.a1 * std::cos(t) + w.a2 * std::cos(2 * t);
    }
  return values;
}

}  // namespace

void StftConfig::check() const {
  require<ValueError>(side == "real" || side == "imag", "initializer STFT: expected side 'real' or 'imag', got '", side,
                      "'");
  require<ValueError>(window.empty() || find_window(window), "initializer STFT: unknown window '", window,
                      "'; known: hann, hamming, blackman, boxcar");
  require<ValueError>(scaling.empty() || scaling == "density" || scaling == "spectrum",
                      "initializer STFT: expected scaling 'density', 'spectrum' or none, got '", scaling, "'");
}

Array StftConfig::operator()(const Shape& shape, Generator&) const {
  require<ValueError>(shape.rank() == 3 && shape[1] == 1 && shape[2] > 1,
                      "initializer STFT: expected a shape (frame length, 1, frequencies), got ", shape);
  const std::int64_t length = shape[0], frequencies = shape[2];
  std::vector<double> values(static_cast<std::size_t>(length), 1.0);
  if (!window.empty()) {
    values = window_values(*find_window(window), length, periodic);
    double square_sum = 0, sum = 0;
    for (const double w : values) square_sum += w * w, sum += std::abs(w);
    const double scale = scaling == "density" ? std::sqrt(square_sum) : scaling == "spectrum" ? sum : 1;
    for (double& w : values) w /= scale;
  }
  Array kernel(shape);
  float* out = kernel.data<float>();
  for (std::int64_t t = 0; t < length; ++t)
    for (std::int64_t f = 0; f < frequencies; ++f) {
      const double angle = -2 * std::numbers::pi * static_cast<double>(t) * static_cast<double>(f) /
                           static_cast<double>(2 * (frequencies - 1));
      *out++ = static_cast<float>((side == "real" ? std::cos(angle) : std::sin(angle)) *
                                  values[static_cast<std::size_t>(t)]);
    }
  return kernel;
}

void StftConfig::fields(ConfigVisitor& v) {
  v("side", side);
  v("window", window);
  v("scaling", scaling);
  v("periodic", periodic);
}

namespace {

const bool stft_registered = registry().add<STFT>("STFT", {"stft", "STFTInitializer"}, {.since_keras3 = true});

}  // namespace
}  // namespace cornu::keras::initializers
