#pragma once

#include <cstdint>
#include <vector>

#include "cornu/graph/array/array.h"

namespace cornu::graph {

/// How the elements of arrays are distributed: finite values counted in buckets, the others apart.
///
///     const Histogram h = histogram(weights);
///     h.edges[i], h.edges[i + 1], h.counts[i];          // 30 buckets from the least value to the greatest
struct Histogram {
  std::vector<double> edges;         ///< ascending, one more than counts; none if there are no finite values
  std::vector<std::int64_t> counts;  ///< of values in [edges[i], edges[i + 1]), in the last bucket with its right edge
  std::int64_t nan = 0, infinite = 0;  ///< values that are in no bucket

  double min() const { return edges.empty() ? 0 : edges.front(); }
  double max() const { return edges.empty() ? 0 : edges.back(); }
  std::int64_t total() const;  ///< of finite values
};

/// What histogram's `bins` may be at most.
inline constexpr int kMaxBins = 1024;

/// Counts the elements of an array of any dtype in `bins` buckets of nearly equal width (with 30 bins, within 3 %); if
/// all are equal, in the last one, the edges being equal, too. Counts are exact for those edges, and neither depends on
/// the order of the elements. These are gone over once. Throws ValueError for a number of bins out of range.
Histogram histogram(const Array& values, int bins = 30);

}  // namespace cornu::graph

namespace cornu {
using graph::Histogram;
}  // namespace cornu
