#include "cornu/ops/internal/panel_product.h"

#include <gtest/gtest.h>

#include <vector>

namespace cornu::ops::internal {
namespace {

// Whole numbers, so that sums are exact in any order.
std::vector<float> whole(std::int64_t n, int step) {
  std::vector<float> x(static_cast<std::size_t>(n));
  for (std::int64_t i = 0; i < n; ++i) x[static_cast<std::size_t>(i)] = static_cast<float>(i * step % 13 - 6);
  return x;
}

TEST(PanelProductTest, IsTheProductOfAnySize) {
  for (const std::int64_t m : {1, 3, 8, 13})
    for (const std::int64_t k : {0, 1, 5, 20})
      for (const std::int64_t columns : {16, 32, 48, 64, 112})
        for (const bool transposed : {false, true})
          for (const bool add : {false, true}) {
            const std::vector<float> a = whole(m * k + 1, 5), b = whole(k * (columns + 16) + 1, 7);
            const std::int64_t row = columns + 4;
            std::vector<float> to = whole(m * row, 3);
            const std::vector<float> before = to;
            const Scattered scattered{a.data(), transposed ? 1 : k, transposed ? m : 1};
            multiply_panel(scattered, b.data(), columns + 16, m, k, columns, to.data(), row, add);
            for (std::int64_t i = 0; i < m; ++i)
              for (std::int64_t j = 0; j < row; ++j) {
                const auto at = static_cast<std::size_t>(i * row + j);
                float want = j < columns && !add ? 0 : before[at];
                for (std::int64_t l = 0; l < k && j < columns; ++l)
                  want += a[static_cast<std::size_t>(i * scattered.row + l * scattered.inner)] *
                          b[static_cast<std::size_t>(l * (columns + 16) + j)];
                ASSERT_EQ(to[at], want) << m << ' ' << k << ' ' << columns << ' ' << i << ' ' << j;
              }
          }
}

TEST(PanelProductTest, LanesAreWhole) {
  EXPECT_EQ(whole_lanes(0), 0);
  EXPECT_EQ(whole_lanes(1), kPanelLanes);
  EXPECT_EQ(whole_lanes(kPanelLanes), kPanelLanes);
  EXPECT_EQ(panel_columns() % kPanelLanes, 0);
}

}  // namespace
}  // namespace cornu::ops::internal
