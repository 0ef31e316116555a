#pragma once

#include <cstdint>

namespace cornu::ops::internal {

/// Columns of a panel come in multiples of this.
inline constexpr std::int64_t kPanelLanes = 16;

/// n rounded up to whole lanes.
constexpr std::int64_t whole_lanes(std::int64_t n) { return (n + kPanelLanes - 1) / kPanelLanes * kPanelLanes; }

/// Columns of a panel with which products are fastest here.
std::int64_t panel_columns();

/// A matrix of which each element is read by itself: element (i, j) lies at i * row + j * inner.
struct Scattered {
  const float* data;
  std::int64_t row, inner;
};

/// to (m, columns) = or += a (m, k) b (k, columns), float32: b and `to` are panels, whose rows lie `b_row` and `to_row`
/// elements apart and have whole lanes of columns. For operands that fit in the cache; they are not copied.
void multiply_panel(const Scattered& a, const float* b, std::int64_t b_row, std::int64_t m, std::int64_t k,
                    std::int64_t columns, float* to, std::int64_t to_row, bool add);

}  // namespace cornu::ops::internal
