#include "cornu/graph/array/histogram.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

#include "cornu/graph/array/internal/histogram_counter.h"
#include "cornu/graph/check.h"

namespace cornu::graph {
namespace internal {
namespace {

constexpr std::int64_t kBlock =
    1024;  // values at a time: they stay in the L1 cache between looking at their range and counting them
constexpr int kPrecision = 51;  // bin numbers below 2^52 are exact in a double

}  // namespace

std::int64_t HistogramCounter::Grid::number(double x) const {
  return static_cast<std::int64_t>(std::floor(std::ldexp(x, -exponent)));
}
bool HistogramCounter::Grid::covers(double low, double high) const {
  const double limit = std::ldexp(1.0, kPrecision + 1);  // what number() can tell
  if (std::fabs(std::ldexp(low, -exponent)) > limit || std::fabs(std::ldexp(high, -exponent)) > limit) return false;
  return number(low) >= first && number(high) < first + kBins;
}

HistogramCounter::Grid HistogramCounter::grid_for(double low, double high, int exponent) {
  const double largest = std::max(std::fabs(low), std::fabs(high));
  Grid grid{std::max(exponent, largest > 0 ? std::ilogb(largest) - kPrecision : kFinest)};
  while (grid.number(high) - grid.number(low) >= kBins) ++grid.exponent;
  const std::int64_t used = grid.number(high) - grid.number(low) + 1;
  grid.first = grid.number(low) - (kBins - used) / 2;
  return grid;
}

void HistogramCounter::move_to(const Grid& grid) {
  const int shift = std::min(grid.exponent - grid_.exponent, 63);
  std::array<std::int64_t, kBins> moved{};
  for (std::int64_t i = 0; i < kBins; ++i)
    if (counts_[i] != 0) moved[((grid_.first + i) >> shift) - grid.first] += counts_[i];
  counts_ = moved;
  grid_ = grid;
}

void HistogramCounter::add_finite(const double* x, std::int64_t n) {
  if (n == 0) return;
  const auto [least, greatest] = std::minmax_element(x, x + n);
  const double low = finite_ > 0 ? std::min(min_, *least) : *least,
               high = finite_ > 0 ? std::max(max_, *greatest) : *greatest;
  if (finite_ == 0)
    grid_ = grid_for(low, high, kFinest);
  else if (!grid_.covers(low, high))
    move_to(grid_for(low, high, grid_.exponent));
  min_ = low, max_ = high;
  finite_ += n;
  const double scale = std::ldexp(1.0, -grid_.exponent);  // a power of two: products are exact
  for (std::int64_t i = 0; i < n; ++i) ++counts_[static_cast<std::int64_t>(std::floor(x[i] * scale)) - grid_.first];
}

void HistogramCounter::add(const void* values, DType dtype, std::int64_t n) {
  visit(dtype, [&](auto zero) {
    using T = decltype(zero);
    const T* all = static_cast<const T*>(values);
    double block[kBlock];
    for (std::int64_t at = 0; at < n; at += kBlock) {
      const std::int64_t m = std::min(kBlock, n - at);
      double odd = 0;  // NaN as soon as one value is not finite
      for (std::int64_t i = 0; i < m; ++i) {
        block[i] =
            static_cast<double>(static_cast<std::conditional_t<std::is_same_v<T, BFloat16>, float, T>>(all[at + i]));
        odd += block[i] * 0;
      }
      std::int64_t kept = m;
      if (odd != 0) {
        kept = 0;
        for (std::int64_t i = 0; i < m; ++i) {
          const double x = block[i];
          if (std::isnan(x))
            ++nan_;
          else if (std::isinf(x))
            ++infinite_;
          else
            block[kept++] = x;
        }
      }
      add_finite(block, kept);
    }
  });
}

void HistogramCounter::merge(const HistogramCounter& other) {
  nan_ += other.nan_;
  infinite_ += other.infinite_;
  if (other.finite_ == 0) return;
  const double low = finite_ > 0 ? std::min(min_, other.min_) : other.min_,
               high = finite_ > 0 ? std::max(max_, other.max_) : other.max_;
  const Grid grid =
      grid_for(low, high, finite_ > 0 ? std::max(grid_.exponent, other.grid_.exponent) : other.grid_.exponent);
  HistogramCounter there = other;
  there.move_to(grid);
  if (finite_ > 0)
    move_to(grid);
  else
    grid_ = grid;
  for (std::int64_t i = 0; i < kBins; ++i) counts_[i] += there.counts_[i];
  min_ = low, max_ = high;
  finite_ += other.finite_;
}

void HistogramCounter::read(int buckets, double* edges, std::int64_t* counts) const {
  std::fill(edges, edges + buckets + 1, min_);
  std::fill(counts, counts + buckets, std::int64_t{0});
  if (finite_ == 0) return;
  if (min_ == max_) return void(counts[buckets - 1] = finite_);
  const std::int64_t low = grid_.number(min_), used = grid_.number(max_) - low + 1;
  for (int b = 0; b < buckets; ++b) {
    const std::int64_t from = low + used * b / buckets, to = low + used * (b + 1) / buckets;
    if (b > 0) edges[b] = std::max(min_, std::ldexp(static_cast<double>(from), grid_.exponent));
    for (std::int64_t i = from; i < to; ++i) counts[b] += counts_[i - grid_.first];
  }
  edges[buckets] = max_;
}

}  // namespace internal

std::int64_t Histogram::total() const { return std::accumulate(counts.begin(), counts.end(), std::int64_t{0}); }

Histogram histogram(const Array& values, int bins) {
  require<ValueError>(bins >= 1 && bins <= kMaxBins, "histogram: expected 1 to ", kMaxBins, " bins, got ", bins);
  const auto counter = std::make_unique<internal::HistogramCounter>();
  counter->add(values.bytes(), values.dtype(), values.size());
  Histogram h;
  h.nan = counter->nan();
  h.infinite = counter->infinite();
  if (counter->finite() == 0) return h;
  h.edges.resize(static_cast<std::size_t>(bins) + 1);
  h.counts.resize(static_cast<std::size_t>(bins));
  counter->read(bins, h.edges.data(), h.counts.data());
  return h;
}

}  // namespace cornu::graph
