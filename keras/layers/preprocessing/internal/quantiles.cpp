#include "cornu/keras/layers/preprocessing/internal/quantiles.h"

#include <algorithm>
#include <cmath>

namespace cornu::keras::layers::internal {
namespace {

// As numpy.interp: piecewise linear through the points, constant beyond them. `x` ascends.
double interpolated(double at, const std::vector<float>& x, const std::vector<float>& y) {
  const auto above = static_cast<std::size_t>(std::upper_bound(x.begin(), x.end(), at) - x.begin());
  if (above == 0) return y.front();
  const std::size_t i = above - 1;
  if (above == x.size() || x[i] == at) return y[i];
  const double x0 = x[i], y0 = y[i];
  return (y[above] - y0) / (x[above] - x0) * (at - x0) + y0;
}

// In the order in which NumPy sorts: NaN last.
bool before(float a, float b) { return a < b || (std::isnan(b) && !std::isnan(a)); }

}  // namespace

void Quantiles::add(const graph::Array& data) {
  const graph::Array numbers = data.astype(graph::float32).copy();
  const auto values = numbers.span<float>();
  std::sort(values.begin(), values.end(), before);
  // Every step-th number stands for a step.
  const double step = std::max(static_cast<double>(values.size()) / (1.0 / epsilon_), 1.0);
  std::vector<Weighted> merged;
  for (auto i = static_cast<std::size_t>(step - 1); i < values.size(); i += static_cast<std::size_t>(step))
    merged.push_back({values[i], static_cast<float>(step)});
  merged.insert(merged.end(), summary_.begin(), summary_.end());
  std::stable_sort(merged.begin(), merged.end(),
                   [](const Weighted& a, const Weighted& b) { return before(a.value, b.value); });
  summary_ = compressed(merged, epsilon_);
}

std::vector<Quantiles::Weighted> Quantiles::compressed(const std::vector<Weighted>& summary, double epsilon) {
  if (static_cast<double>(summary.size()) * epsilon < 1) return summary;
  std::vector<float> values, sums, shares;
  float sum = 0;
  for (const Weighted& each : summary) {
    values.push_back(each.value);
    sums.push_back(sum += each.weight);
  }
  for (const float s : sums) shares.push_back(s / sum);
  std::vector<Weighted> fewer;
  double last = 0;
  const auto count = static_cast<std::int64_t>(std::ceil(1.0 / epsilon));
  for (std::int64_t i = 0; i < count; ++i) {
    const double share = epsilon + static_cast<double>(i) * epsilon, upto = interpolated(share, shares, sums);
    fewer.push_back({static_cast<float>(interpolated(share, shares, values)), static_cast<float>(upto - last)});
    last = upto;
  }
  return fewer;
}

std::vector<float> Quantiles::boundaries(int parts) const {
  std::vector<float> values;
  for (const Weighted& each : compressed(summary_, 1.0 / parts)) values.push_back(each.value);
  if (!values.empty()) values.pop_back();
  return values;
}

}  // namespace cornu::keras::layers::internal
