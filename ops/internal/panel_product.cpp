#include "cornu/ops/internal/panel_product.h"

#include <cstring>

#include "cornu/ops/internal/clones.h"

namespace cornu::ops::internal {
namespace {

typedef float Lanes __attribute__((vector_size(kPanelLanes * sizeof(float)), aligned(4), may_alias));

// Of `rows` rows and `vectors` times as many columns as there are lanes: the sums stay in registers.
template <int rows, int vectors>
CORNU_INLINE inline void tile(const float* a, std::int64_t a_row, std::int64_t a_inner, const float* b,
                              std::int64_t b_row, std::int64_t k, float* to, std::int64_t to_row, bool add) {
  Lanes sums[rows][vectors];
#pragma GCC unroll 8
  for (int i = 0; i < rows; ++i)
#pragma GCC unroll 4
    for (int j = 0; j < vectors; ++j) {
      const Lanes* from = reinterpret_cast<const Lanes*>(to + i * to_row) + j;
      sums[i][j] = add ? *from : Lanes{};
    }
  for (std::int64_t l = 0; l < k; ++l) {
    const Lanes* row = reinterpret_cast<const Lanes*>(b + l * b_row);
    Lanes x[vectors];
#pragma GCC unroll 4
    for (int j = 0; j < vectors; ++j) x[j] = row[j];
#pragma GCC unroll 8
    for (int i = 0; i < rows; ++i) {
      const float factor = a[i * a_row + l * a_inner];
#pragma GCC unroll 4
      for (int j = 0; j < vectors; ++j) sums[i][j] += factor * x[j];
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < rows; ++i)
#pragma GCC unroll 4
    for (int j = 0; j < vectors; ++j) reinterpret_cast<Lanes*>(to + i * to_row)[j] = sums[i][j];
}

// All rows of so many columns. A template cannot be compiled for several processors.
#define CORNU_STRIP(name, rows, vectors)                                                                         \
  CORNU_CLONES void name(const Scattered& a, const float* b, std::int64_t b_row, std::int64_t m, std::int64_t k, \
                         float* to, std::int64_t to_row, bool add) {                                             \
    std::int64_t i = 0;                                                                                          \
    for (; i + (rows) <= m; i += (rows))                                                                         \
      tile<rows, vectors>(a.data + i * a.row, a.row, a.inner, b, b_row, k, to + i * to_row, to_row, add);        \
    for (; i < m; ++i)                                                                                           \
      tile<1, vectors>(a.data + i * a.row, a.row, a.inner, b, b_row, k, to + i * to_row, to_row, add);           \
  }
CORNU_STRIP(widest_strip, 4, 4)
CORNU_STRIP(wide_strip, 8, 2)
CORNU_STRIP(narrow_strip, 8, 1)
CORNU_STRIP(narrow_strip_of_few_registers, 4, 1)
#undef CORNU_STRIP

// Whether there are 32 registers of as many lanes.
bool has_many_registers() {
#if defined(__x86_64__) && defined(__GNUC__)
  static const bool many = __builtin_cpu_supports("avx512f") != 0;
  return many;
#else
  return false;
#endif
}

}  // namespace

std::int64_t panel_columns() { return has_many_registers() ? 4 * kPanelLanes : 2 * kPanelLanes; }

void multiply_panel(const Scattered& a, const float* b, std::int64_t b_row, std::int64_t m, std::int64_t k,
                    std::int64_t columns, float* to, std::int64_t to_row, bool add) {
  if (!has_many_registers()) {
    for (std::int64_t left = 0; left < columns; left += kPanelLanes)
      narrow_strip_of_few_registers(a, b + left, b_row, m, k, to + left, to_row, add);
    return;
  }
  while (columns > 0) {
    const int vectors = columns >= 4 * kPanelLanes ? 4 : columns >= 2 * kPanelLanes ? 2 : 1;
    (vectors == 4 ? widest_strip : vectors == 2 ? wide_strip : narrow_strip)(a, b, b_row, m, k, to, to_row, add);
    b += vectors * kPanelLanes, to += vectors * kPanelLanes, columns -= vectors * kPanelLanes;
  }
}

}  // namespace cornu::ops::internal
