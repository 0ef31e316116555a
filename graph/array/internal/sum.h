#pragma once

#include <cstdint>
#include <type_traits>
#include <vector>

#include "cornu/graph/array/dtype.h"

namespace cornu::graph::internal {

/// Pairwise, so that the error grows with log n; 8 partial sums let the compiler use vectors without reordering freely.
inline double pairwise(const double* x, std::int64_t n) {
  if (n > 128) {
    const std::int64_t half = n / 2 / 8 * 8;
    return pairwise(x, half) + pairwise(x + half, n - half);
  }
  double part[8] = {}, rest = 0;
  std::int64_t i = 0;
  for (; i + 8 <= n; i += 8)
    for (int k = 0; k < 8; ++k) part[k] += x[i + k];
  for (; i < n; ++i) rest += x[i];
  return ((part[0] + part[1]) + (part[2] + part[3])) + ((part[4] + part[5]) + (part[6] + part[7])) + rest;
}

/// Narrow floating elements are added up in double, float64 pairwise; integers and bools in int64.
template <class T>
auto sum_run(const T* x, std::int64_t n, std::int64_t step) {
  if constexpr (std::is_integral_v<T>) {
    std::uint64_t total = 0;
    for (std::int64_t i = 0; i < n; ++i) total += static_cast<std::uint64_t>(x[i * step]);
    return static_cast<std::int64_t>(total);
  } else if constexpr (std::is_same_v<T, double>) {
    if (step == 1) return pairwise(x, n);
    std::vector<double> line(static_cast<std::size_t>(n));
    for (std::int64_t i = 0; i < n; ++i) line[static_cast<std::size_t>(i)] = x[i * step];
    return pairwise(line.data(), n);
  } else {
    double part[4] = {};
    std::int64_t i = 0;
    for (; i + 4 <= n; i += 4)
      for (int k = 0; k < 4; ++k) part[k] += static_cast<double>(static_cast<float>(x[(i + k) * step]));
    for (; i < n; ++i) part[0] += static_cast<double>(static_cast<float>(x[i * step]));
    return (part[0] + part[1]) + (part[2] + part[3]);
  }
}

}  // namespace cornu::graph::internal
