#include "cornu/graph/plan/internal/replacement.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

namespace cornu::graph::internal {
namespace {

/// Keeps what the policy keeps; counts what had to be made.
struct Cache {
  explicit Cache(std::size_t n) : places(n) {}
  std::size_t places;
  std::vector<int> keys;
  std::vector<PlanUse> uses;
  std::uint64_t clock = 0, made = 0;

  void use(int key) {
    for (std::size_t i = 0; i < keys.size(); ++i)
      if (keys[i] == key) {
        uses[i] = {++clock, made};
        return;
      }
    if (keys.size() == places) {
      const auto i = static_cast<std::ptrdiff_t>(gives_way(uses, made));
      keys.erase(keys.begin() + i), uses.erase(uses.begin() + i);
    }
    keys.push_back(key);
    uses.push_back({++clock, ++made});
  }
  std::uint64_t made_in(const std::vector<int>& sequence) {
    const std::uint64_t before = made;
    for (const int key : sequence) use(key);
    return made - before;
  }
};

std::vector<int> rounds(int lengths, int times, int from = 0) {
  std::vector<int> sequence;
  for (int t = 0; t < times; ++t)
    for (int i = 0; i < lengths; ++i) sequence.push_back(from + i);
  return sequence;
}

TEST(Replacement, LengthsThatComeRoundFindMostOfTheirPlans) {
  Cache cache(16);
  cache.made_in(rounds(20, 1));
  EXPECT_LE(cache.made_in(rounds(20, 100)), 800u);  // 20 x 100, if what was used last stayed
}

TEST(Replacement, ANewLengthIsKeptAtOnce) {
  Cache cache(16);
  cache.made_in(rounds(16, 10));
  EXPECT_EQ(cache.made_in({100, 100, 100, 101, 100, 101, 102, 103, 100, 101}), 4u);
}

TEST(Replacement, PlansThatNobodyUsesGiveWay) {
  Cache cache(16);
  cache.made_in(rounds(16, 1000));
  cache.made_in(rounds(16, 5, 100));
  EXPECT_EQ(cache.made_in(rounds(16, 10, 100)), 0u) << "all others have taken the places";
}

TEST(Replacement, CommonLengthsStayAmongRareOnes) {
  Cache cache(16);
  std::mt19937 rng(1);
  std::geometric_distribution<int> lengths(0.1);
  std::vector<int> sequence(5000);
  for (int& key : sequence) key = lengths(rng);
  cache.made_in(sequence);
  EXPECT_LT(cache.made_in(sequence), 1600u);  // 0.9^16 of them, 19 %, cannot be kept by anyone
}

TEST(Replacement, OnePlaceIsTheNewest) {
  Cache cache(1);
  EXPECT_EQ(cache.made_in({1, 1, 2, 2, 1}), 3u);
}

}  // namespace
}  // namespace cornu::graph::internal
