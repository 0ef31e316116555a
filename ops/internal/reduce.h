#pragma once

#include <cstdint>
#include <limits>
#include <type_traits>
#include <vector>

#include "cornu/graph/plan/kernel.h"
#include "cornu/ops/internal/wrapping.h"

namespace cornu::ops::internal {

// How numbers are put together; NaN in, NaN out. Integers wrap.
template <class T>
struct SumOf {
  using Value = T;
  static constexpr T kStart = 0;
  static T combine(T a, T b) { return static_cast<T>(Wrapping<T>(a) + Wrapping<T>(b)); }
};
template <class T>
struct ProdOf {
  using Value = T;
  static constexpr T kStart = 1;
  static T combine(T a, T b) { return static_cast<T>(Wrapping<T>(a) * Wrapping<T>(b)); }
};
template <class T>
struct MaxOf {
  using Value = T;
  static constexpr T kStart =
      std::is_integral_v<T> ? std::numeric_limits<T>::lowest() : -std::numeric_limits<T>::infinity();
  static T combine(T a, T b) { return b > a || b != b ? b : a; }
};
template <class T>
struct MinOf {
  using Value = T;
  static constexpr T kStart =
      std::is_integral_v<T> ? std::numeric_limits<T>::max() : std::numeric_limits<T>::infinity();
  static T combine(T a, T b) { return b < a || b != b ? b : a; }
};

/// One pass over memory seen as (outer, length, inner), which folds `length` away. Work is cut into blocks of fixed
/// size whose results are put together in order: the bits do not depend on the number of threads, and rounding errors
/// of long sums stay small.
struct ReducePass {
  std::int64_t outer = 1, length = 1, inner = 1;

  std::int64_t block() const { return inner == 1 ? 4096 : 128; }
  std::int64_t blocks() const { return length <= block() ? 1 : (length + block() - 1) / block(); }
  int phases() const { return blocks() == 1 ? 1 : 2; }
  /// Elements of memory for the blocks' results, if there are several.
  std::int64_t partials() const { return blocks() == 1 ? 0 : outer * blocks() * inner; }
};

/// The passes that reduce the given axes (sorted): one for each run of neighbouring axes, the last one first.
std::vector<ReducePass> reduce_passes(const graph::Shape& shape, const std::vector<int>& axes);

/// One phase, of `pass.phases()`, of y = fold of x, times scale: the call's part of it.
template <class Combine, class T = typename Combine::Value>
void reduce(const graph::Call& call, const ReducePass& pass, int phase, const T* x, T* y, T scale, T* partials);

}  // namespace cornu::ops::internal
