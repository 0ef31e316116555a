#pragma once

#include <cstdint>
#include <limits>
#include <type_traits>
#include <vector>

#include "cornu/graph/plan/kernel.h"

namespace cornu::ops::internal {

// How numbers are put together; NaN in, NaN out.
struct SumOf {
  static constexpr float kStart = 0;
  static float combine(float a, float b) { return a + b; }
};
struct MaxOf {
  static constexpr float kStart = -std::numeric_limits<float>::infinity();
  static float combine(float a, float b) { return b > a || b != b ? b : a; }
};
struct MinOf {
  static constexpr float kStart = std::numeric_limits<float>::infinity();
  static float combine(float a, float b) { return b < a || b != b ? b : a; }
};

/// One pass over memory seen as (outer, length, inner), which folds `length` away. Work is cut into blocks of fixed
/// size whose results are put together in order: the bits do not depend on the number of threads, and rounding errors
/// of long sums stay small.
struct ReducePass {
  std::int64_t outer = 1, length = 1, inner = 1;

  std::int64_t block() const { return inner == 1 ? 4096 : 128; }
  std::int64_t blocks() const { return length <= block() ? 1 : (length + block() - 1) / block(); }
  int phases() const { return blocks() == 1 ? 1 : 2; }
  /// Floats of memory for the blocks' results, if there are several.
  std::int64_t partials() const { return blocks() == 1 ? 0 : outer * blocks() * inner; }
};

/// The passes that reduce the given axes (sorted): one for each run of neighbouring axes, the last one first.
std::vector<ReducePass> reduce_passes(const graph::Shape& shape, const std::vector<int>& axes);

/// One phase, of `pass.phases()`, of y = fold of x, times scale: the call's part of it.
template <class Combine>
void reduce(const graph::Call& call, const ReducePass& pass, int phase, const float* x, float* y, float scale,
            float* partials);

extern template void reduce<SumOf>(const graph::Call&, const ReducePass&, int, const float*, float*, float, float*);
extern template void reduce<MaxOf>(const graph::Call&, const ReducePass&, int, const float*, float*, float, float*);
extern template void reduce<MinOf>(const graph::Call&, const ReducePass&, int, const float*, float*, float, float*);

}  // namespace cornu::ops::internal
