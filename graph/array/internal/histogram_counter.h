#pragma once

#include <array>
#include <cstdint>

#include "cornu/graph/array/dtype.h"

namespace cornu::graph::internal {

/// Counts values whose range is not known beforehand, going over them once: in narrow bins of width 2^e that lie at its
/// multiples, and that are joined two by two (e grows) whenever a value lies so far outside that the bins do not reach
/// it. So counts stay exact. Plain data, which may lie in a kernel's scratch memory.
class HistogramCounter {
 public:
  HistogramCounter() { counts_.fill(0); }

  /// Elements of an array of that dtype.
  void add(const void* values, DType dtype, std::int64_t n);
  /// What another one has counted.
  void merge(const HistogramCounter& other);

  /// The result for that many buckets: `edges` has one more. Without finite values all are 0; if all are equal, all but
  /// the last bucket are empty. Buckets hold equally many bins, within one.
  void read(int buckets, double* edges, std::int64_t* counts) const;
  std::int64_t nan() const { return nan_; }
  std::int64_t infinite() const { return infinite_; }
  std::int64_t finite() const { return finite_; }

 private:
  static constexpr std::int64_t kBins = 4096;
  static constexpr int kFinest = -1000;  // 2^-exponent must be a number

  // Where the bins lie: number i is [(first + i) 2^exponent, (first + i + 1) 2^exponent).
  struct Grid {
    int exponent = kFinest;
    std::int64_t first = 0;
    std::int64_t number(double x) const;  // as if first were 0
    bool covers(double low, double high) const;
  };
  // The finest grid, not finer than that exponent, which covers the range; the range lies in its middle.
  static Grid grid_for(double low, double high, int exponent);
  void move_to(const Grid& grid);
  void add_finite(const double* x, std::int64_t n);

  std::array<std::int64_t, kBins> counts_;
  Grid grid_;
  double min_ = 0, max_ = 0;
  std::int64_t finite_ = 0, nan_ = 0, infinite_ = 0;
};

}  // namespace cornu::graph::internal
