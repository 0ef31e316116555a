#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "cornu/graph/array/dtype.h"

namespace cornu::ops::internal {

/// One of three axes along which pooling windows lie; unused ones have length 1.
struct PoolAxis {
  std::int64_t in = 1, out = 1, window = 1, stride = 1, low = 0;
  /// The part of a window that lies in the input.
  std::int64_t begin(std::int64_t i) const { return std::max<std::int64_t>(i * stride - low, 0); }
  std::int64_t end(std::int64_t i) const { return std::min(i * stride - low + window, in); }
};
using PoolAxes = std::array<PoolAxis, 3>;

/// Whether no place belongs to two windows, and whether each belongs to one.
bool lie_apart(const PoolAxes& axes);
bool lie_everywhere(const PoolAxes& axes);

// One image's windows: x has the image's numbers, y one for each window, in each channel. They are computed in float32;
// gradients of an image are given in it.

#define CORNU_POOL_LOOPS(T)                                                                                            \
  void largest(const PoolAxes& axes, std::int64_t channels, const T* x, T* y);                                         \
  /* What flows back to the largest number of each window, added to dx, or instead of it if windows lie apart. */      \
  void add_at_largest(const PoolAxes& axes, std::int64_t channels, const T* x, const T* dy, float* dx);                \
  void put_at_largest(const PoolAxes& axes, std::int64_t channels, const T* x, const T* dy, float* dx);                \
  /* Of g, which has the image's shape, what lies where the largest number is. */                                      \
  void take_at_largest(const PoolAxes& axes, std::int64_t channels, const T* x, const T* g, T* y);                     \
  void mean(const PoolAxes& axes, std::int64_t channels, const T* x, T* y);                                            \
  void add_mean(const PoolAxes& axes, std::int64_t channels, const T* dy, float* dx)
CORNU_POOL_LOOPS(float);
CORNU_POOL_LOOPS(graph::BFloat16);
#undef CORNU_POOL_LOOPS

}  // namespace cornu::ops::internal
