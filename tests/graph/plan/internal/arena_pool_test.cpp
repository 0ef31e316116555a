#include "cornu/graph/plan/internal/arena_pool.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "cornu/graph/function.h"
#include "tests/graph/toy_ops.h"

namespace cornu::graph::internal {
namespace {

TEST(ArenaPool, ABlockIsLentAgain) {
  ArenaPool pool;
  auto block = pool.take(1000);
  std::byte* const at = block->bytes();
  EXPECT_GE(block->nbytes(), 1000u);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(at) % 64, 0u);
  pool.give_back(std::move(block));
  EXPECT_EQ(pool.take(500)->bytes(), at) << "a smaller call takes it, too";
}

TEST(ArenaPool, ALargerCallReplacesIt) {
  ArenaPool pool;
  pool.give_back(pool.take(100));
  auto block = pool.take(5000);
  EXPECT_GE(block->nbytes(), 5000u);
  pool.give_back(std::move(block));
  EXPECT_GE(pool.take(100)->nbytes(), 5000u) << "there is one block, the largest";
}

TEST(ArenaPool, CallsAtTheSameTimeHaveBlocksOfTheirOwn) {
  ArenaPool pool;
  std::vector<std::thread> threads;
  std::atomic<int> torn{0};
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&, t] {
      for (std::size_t i = 1; i < 300; ++i) {
        auto block = pool.take(i);
        const auto mine = static_cast<std::byte>(t);
        std::fill_n(block->bytes(), i, mine);
        for (std::size_t k = 0; k < i; ++k) torn += block->bytes()[k] != mine;
        pool.give_back(std::move(block));
      }
    });
  for (auto& t : threads) t.join();
  EXPECT_EQ(torn, 0);
}

TEST(ArenaPool, PlansOfManySizesGiveTheirOwnResults) {
  const Function f([](const Tensor& x) { return toy::axpy(1, toy::reverse(toy::axpy(2, x, x)), x); });
  for (const int n : {10, 1000, 10, 100, 1000, 3}) {
    const Array y = f(arange(0, n));
    for (int i = 0; i < n; ++i)
      ASSERT_EQ(y.data<float>()[i], 3.f * static_cast<float>(n - 1 - i) + static_cast<float>(i)) << n;
  }
}

}  // namespace
}  // namespace cornu::graph::internal
