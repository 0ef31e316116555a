#include "cornu/graph/plan/internal/spares.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace cornu::graph::internal {
namespace {

struct Counted {
  static inline std::atomic<int> alive{0}, made{0};
  std::atomic<int> users{0};
  Counted() { ++alive, ++made; }
  ~Counted() { --alive; }
};

std::unique_ptr<Counted> borrow(Spares<Counted>& spares) {
  auto object = spares.take();
  return object ? std::move(object) : std::make_unique<Counted>();
}

TEST(Spares, KeepsAsManyAsWereInUseAtOneTime) {
  Counted::made = 0;
  {
    Spares<Counted> spares;
    EXPECT_EQ(spares.take(), nullptr);
    for (int round = 0; round < 3; ++round) {
      std::vector<std::unique_ptr<Counted>> borrowed;
      for (int i = 0; i < 30; ++i) borrowed.push_back(borrow(spares));
      for (auto& each : borrowed) spares.give_back(std::move(each));
      EXPECT_EQ(Counted::made, 30) << "only the first round makes any";
    }
    EXPECT_EQ(Counted::alive, 30);
  }
  EXPECT_EQ(Counted::alive, 0);
}

TEST(Spares, LendsEachToOneThreadAtATime) {
  Counted::made = 0;
  std::atomic<int> wrong{0};
  Spares<Counted> spares;
  std::vector<std::thread> threads;
  for (int t = 0; t < 12; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) {
        auto object = borrow(spares);
        wrong += object->users.fetch_add(1) != 0;
        object->users.fetch_sub(1);
        spares.give_back(std::move(object));
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_LE(Counted::made, 12);
}

}  // namespace
}  // namespace cornu::graph::internal
