#pragma once

#include <cstdint>

namespace cornu::ops::internal {

/// y (m, n) = a (m, k) b (k, n) + bias, float32, with the distances in elements between neighbours along each axis.
struct SmallProduct {
  std::int64_t a_row, a_inner, b_inner, b_column, y_row;
};

/// For few multiplications: plain loops, no preparation.
void multiply_small(const SmallProduct& p, std::int64_t m, std::int64_t k, std::int64_t n, const float* a,
                    const float* b, const float* bias, float* y);

/// For few rows (m <= kFewRows) and b_column = 1: b is read once, in order; a is what fits in registers.
inline constexpr std::int64_t kFewRows = 4;
void multiply_few_rows(const SmallProduct& p, std::int64_t m, std::int64_t k, std::int64_t n, const float* a,
                       const float* b, const float* bias, float* y);

}  // namespace cornu::ops::internal
