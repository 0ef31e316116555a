#include "cornu/ops/internal/taps.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include "cornu/graph/check.h"

namespace cornu::ops::internal {
namespace {

constexpr std::array<std::pair<std::string_view, Interpolation>, 6> kNames{{{"nearest", Interpolation::nearest},
                                                                            {"bilinear", Interpolation::bilinear},
                                                                            {"bicubic", Interpolation::bicubic},
                                                                            {"lanczos3", Interpolation::lanczos3},
                                                                            {"lanczos5", Interpolation::lanczos5},
                                                                            {"area", Interpolation::area}}};

// The kernels, of a distance that is not negative.
float triangle(float x) { return std::max(0.f, 1 - x); }

// Keys (1981), with the slope -1/2 at 1.
float cubic(float x) {
  if (x >= 2) return 0;
  if (x >= 1) return ((-0.5f * x + 2.5f) * x - 4) * x + 2;
  return (1.5f * x - 2.5f) * x * x + 1;
}

template <int kRadius>
float lanczos(float x) {
  constexpr auto kPi = std::numbers::pi_v<float>;
  if (x > kRadius) return 0;
  if (x <= 1e-3f) return 1;
  return kRadius * std::sin(kPi * x) * std::sin(kPi * x / kRadius) / (kPi * kPi * x * x);
}

struct Weighting {
  float (*at)(float);
  float radius;
};

Weighting weighting_of(Interpolation interpolation) {
  switch (interpolation) {
    case Interpolation::bicubic:
      return {cubic, 2};
    case Interpolation::lanczos3:
      return {lanczos<3>, 3};
    case Interpolation::lanczos5:
      return {lanczos<5>, 5};
    default:
      return {triangle, 1};
  }
}

class TapsBuilder {
 public:
  TapsBuilder(std::int64_t in, std::int64_t out)
      : in_(in), out_(out), scale_(static_cast<float>(in) / static_cast<float>(out)) {}

  Taps nearest() {
    return rows([&](std::int64_t r) { taps_.add(std::min(floor(middle(r)), in_ - 1), 1); });
  }

  Taps bilinear() {
    return rows([&](std::int64_t r) {
      const float at = middle(r) - 0.5f;
      const std::int64_t low = floor(at);
      const float share = at - static_cast<float>(low);
      const std::int64_t first = std::max<std::int64_t>(low, 0), second = std::min(low + 1, in_ - 1);
      if (share == 0 || first == second) return taps_.add(first, 1);
      taps_.add(first, 1 - share);
      taps_.add(second, share);
    });
  }

  // TensorFlow looks the kernel up in a table of distances that are whole multiples of 1/1024.
  Taps bicubic() {
    return rows([&](std::int64_t r) {
      const float at = middle(r) - 0.5f;
      const std::int64_t low = floor(at);
      const float share = static_cast<float>(std::lrint((at - static_cast<float>(low)) * 1024)) / 1024;
      for (std::int64_t k = -1; k <= 2; ++k)
        if (low + k >= 0 && low + k < in_) taps_.add(low + k, cubic(std::abs(share - static_cast<float>(k))));
      normalise_row();
    });
  }

  Taps by_kernel(const Weighting& kernel, bool antialias) {
    const float inverse = 1 / (static_cast<float>(out_) / static_cast<float>(in_));
    const float width = antialias ? std::max(inverse, 1.f) : 1.f, reach = kernel.radius * width;
    return rows([&](std::int64_t r) {
      const float at = (static_cast<float>(r) + 0.5f) * inverse;
      const auto first = std::clamp<std::int64_t>(floor(std::ceil(at - reach - 0.5f)), 0, in_ - 1),
                 last = std::clamp<std::int64_t>(floor(at + reach - 0.5f), 0, in_ - 1);
      for (std::int64_t i = first; i <= last; ++i)
        taps_.add(i, kernel.at(std::abs(static_cast<float>(i) + 0.5f - at) / width));
      normalise_row();
    });
  }

  // Each point is the mean of what its interval covers.
  Taps area() {
    return rows([&](std::int64_t r) {
      const float from = static_cast<float>(r) * scale_, to = static_cast<float>(r + 1) * scale_;
      for (std::int64_t i = floor(from); static_cast<float>(i) < to; ++i) {
        const float covered = std::min(to, static_cast<float>(i + 1)) - std::max(from, static_cast<float>(i));
        taps_.add(std::min(i, in_ - 1), covered / scale_);
      }
    });
  }

 private:
  template <class F>
  Taps rows(F&& row) {
    for (std::int64_t r = 0; r < out_; ++r) {
      row(r);
      taps_.end_row();
    }
    return std::move(taps_);
  }
  float middle(std::int64_t r) const { return (static_cast<float>(r) + 0.5f) * scale_; }
  static std::int64_t floor(float x) { return static_cast<std::int64_t>(std::floor(x)); }

  // Behind the ends of the axis there is nothing: what lies within has the whole weight.
  void normalise_row() {
    const auto begin = taps_.weights.begin() + static_cast<std::ptrdiff_t>(taps_.begin.back());
    float sum = 0;
    for (auto w = begin; w != taps_.weights.end(); ++w) sum += *w;
    if (std::abs(sum) < 1000 * std::numeric_limits<float>::min()) return;
    for (auto w = begin; w != taps_.weights.end(); ++w) *w /= sum;
  }

  std::int64_t in_, out_;
  float scale_;  ///< of the input's points, one of the output
  Taps taps_;
};

}  // namespace

Interpolation interpolation_of(std::string_view who, const std::string& name) {
  for (const auto& [known, interpolation] : kNames)
    if (name == known) return interpolation;
  throw graph::ValueError(graph::message(
      who, "expected interpolation 'nearest', 'bilinear', 'bicubic', 'lanczos3', 'lanczos5' or 'area', got '", name,
      "'"));
}

std::string_view name_of(Interpolation interpolation) {
  return std::find_if(kNames.begin(), kNames.end(), [&](const auto& name) { return name.second == interpolation; })
      ->first;
}

void Taps::add(std::int64_t column, float weight) {
  columns.push_back(column);
  weights.push_back(weight);
}

Taps Taps::transposed(std::int64_t of_columns) const {
  std::vector<std::vector<std::pair<std::int64_t, float>>> lists(of_columns);
  for (std::int64_t r = 0; r < rows(); ++r)
    for (std::int64_t i = begin[r]; i < begin[r + 1]; ++i) lists[columns[i]].emplace_back(r, weights[i]);
  Taps other;
  for (const auto& list : lists) {
    for (const auto& [row, weight] : list) other.add(row, weight);
    other.end_row();
  }
  return other;
}

Taps taps(Interpolation interpolation, bool antialias, std::int64_t in, std::int64_t out) {
  TapsBuilder builder(in, out);
  switch (interpolation) {
    case Interpolation::nearest:
      return builder.nearest();
    case Interpolation::area:
      return builder.area();
    case Interpolation::bilinear:
      if (!antialias) return builder.bilinear();
      break;
    case Interpolation::bicubic:
      if (!antialias) return builder.bicubic();
      break;
    default:
      break;
  }
  return builder.by_kernel(weighting_of(interpolation), antialias);
}

}  // namespace cornu::ops::internal
