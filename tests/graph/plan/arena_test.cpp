#include "cornu/graph/plan/internal/arena.h"

#include <gtest/gtest.h>

#include <random>

namespace cornu::graph {
namespace {

TEST(Arena, BlocksThatLiveAtTheSameTimeAreApart) {
  std::mt19937 rng(3);
  for (int trial = 0; trial < 200; ++trial) {
    std::vector<Lifetime> blocks;
    for (int i = 0; i < 1 + trial % 40; ++i) {
      const int first = static_cast<int>(rng() % 30);
      blocks.push_back({rng() % 1000, first, first + static_cast<int>(rng() % 10)});
    }
    std::size_t bytes = 0;
    const auto offsets = place_in_arena(blocks, bytes);
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      EXPECT_EQ(offsets[i] % 64, 0u);
      EXPECT_LE(offsets[i] + blocks[i].bytes, bytes);
      for (std::size_t j = 0; j < i; ++j) {
        const bool together = blocks[i].first <= blocks[j].last && blocks[j].first <= blocks[i].last;
        const bool apart = offsets[i] + blocks[i].bytes <= offsets[j] || offsets[j] + blocks[j].bytes <= offsets[i];
        if (together && blocks[i].bytes > 0 && blocks[j].bytes > 0) {
          ASSERT_TRUE(apart) << "blocks " << i << " and " << j;
        }
      }
    }
  }
}

TEST(Arena, BlocksThatFollowOneAnotherShareMemory) {
  std::size_t bytes = 0;
  const auto offsets = place_in_arena({{640, 0, 1}, {640, 2, 3}, {640, 4, 5}}, bytes);
  EXPECT_EQ(bytes, 640u);
  EXPECT_EQ(offsets, (std::vector<std::size_t>{0, 0, 0}));
}

TEST(Arena, NothingNeedsNothing) {
  std::size_t bytes = 7;
  EXPECT_TRUE(place_in_arena({}, bytes).empty());
  EXPECT_EQ(bytes, 0u);
}

}  // namespace
}  // namespace cornu::graph
