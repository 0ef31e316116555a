#include "cornu/ops/internal/small_product.h"

#include <algorithm>

#include "cornu/ops/internal/clones.h"

namespace cornu::ops::internal {
namespace {

constexpr std::int64_t kLanes = 16, kVectors = 8, kBlock = kLanes * kVectors;

// Columns [0, columns) of one block, columns <= kBlock; the sums stay in registers where the block is whole.
#define CORNU_BLOCK_OF_ROWS(name, vectors)                                                                         \
  CORNU_CLONES void name(const SmallProduct& p, std::int64_t k, const float* a, const float* b, const float* bias, \
                         float* y) {                                                                               \
    constexpr std::int64_t kWidth = kLanes * (vectors);                                                            \
    float sums[kWidth];                                                                                            \
    for (std::int64_t j = 0; j < kWidth; ++j) sums[j] = bias ? bias[j] : 0.f;                                      \
    for (std::int64_t i = 0; i < k; ++i) {                                                                         \
      const float x = a[i * p.a_inner];                                                                            \
      const float* row = b + i * p.b_inner;                                                                        \
      for (std::int64_t j = 0; j < kWidth; ++j) sums[j] += x * row[j];                                             \
    }                                                                                                              \
    for (std::int64_t j = 0; j < kWidth; ++j) y[j] = sums[j];                                                      \
  }
CORNU_BLOCK_OF_ROWS(wide_block, kVectors)
CORNU_BLOCK_OF_ROWS(narrow_block, 1)
#undef CORNU_BLOCK_OF_ROWS

}  // namespace

CORNU_CLONES void multiply_small(const SmallProduct& p, std::int64_t m, std::int64_t k, std::int64_t n, const float* a,
                                 const float* b, const float* bias, float* y) {
  for (std::int64_t i = 0; i < m; ++i) {
    float* row = y + i * p.y_row;
    const float* x = a + i * p.a_row;
    if (p.b_column == 1) {
      for (std::int64_t j = 0; j < n; ++j) row[j] = bias ? bias[j] : 0.f;
      for (std::int64_t l = 0; l < k; ++l) {
        const float factor = x[l * p.a_inner];
        const float* from = b + l * p.b_inner;
        for (std::int64_t j = 0; j < n; ++j) row[j] += factor * from[j];
      }
    } else {
      for (std::int64_t j = 0; j < n; ++j) {
        float sum = bias ? bias[j] : 0.f;
        for (std::int64_t l = 0; l < k; ++l) sum += x[l * p.a_inner] * b[l * p.b_inner + j * p.b_column];
        row[j] = sum;
      }
    }
  }
}

void multiply_few_rows(const SmallProduct& p, std::int64_t m, std::int64_t k, std::int64_t n, const float* a,
                       const float* b, const float* bias, float* y) {
  for (std::int64_t i = 0; i < m; ++i) {
    const float* x = a + i * p.a_row;
    float* to = y + i * p.y_row;
    std::int64_t j = 0;
    for (; j + kBlock <= n; j += kBlock) wide_block(p, k, x, b + j, bias ? bias + j : nullptr, to + j);
    for (; j + kLanes <= n; j += kLanes) narrow_block(p, k, x, b + j, bias ? bias + j : nullptr, to + j);
    if (j < n) multiply_small(p, 1, k, n - j, x, b + j, bias ? bias + j : nullptr, to + j);
  }
}

}  // namespace cornu::ops::internal
