#include "cornu/graph/plan/internal/published.h"

#include <gtest/gtest.h>

#include <vector>

namespace cornu::graph::internal {
namespace {

/// Counts those that live, and is spoilt when it dies.
struct Counted {
  static inline std::atomic<int> alive{0};
  int value, check;
  explicit Counted(int v) : value(v), check(~v) { ++alive; }
  ~Counted() {
    check = value;
    --alive;
  }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
};

TEST(Published, GivesTheLatestValueAndFreesTheOthers) {
  {
    Published<Counted> published(std::make_unique<const Counted>(1));
    EXPECT_EQ(published.read([](const Counted& c) { return c.value; }), 1);
    published.replace(std::make_unique<const Counted>(2));
    EXPECT_EQ(published.read([](const Counted& c) { return c.value; }), 2);
    EXPECT_EQ(Counted::alive, 1);
  }
  EXPECT_EQ(Counted::alive, 0);
}

TEST(Published, ReadersNeverSeeADeadValue) {
  Published<Counted> published(std::make_unique<const Counted>(0));
  std::atomic<bool> done{false};
  std::atomic<int> wrong{0};
  std::vector<std::thread> readers;
  for (int t = 0; t < 3; ++t)
    readers.emplace_back([&] {
      int before = 0;
      while (!done) {
        const int now = published.read([&](const Counted& c) {
          if (c.check != ~c.value) ++wrong;
          return c.value;
        });
        if (now < before) ++wrong;
        before = now;
      }
    });
  for (int i = 1; i <= 2000; ++i) published.replace(std::make_unique<const Counted>(i));
  done = true;
  for (auto& reader : readers) reader.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(Counted::alive, 1);
}

TEST(Published, AnExceptionOfTheReaderLetsGo) {
  Published<Counted> published(std::make_unique<const Counted>(1));
  EXPECT_THROW(published.read([](const Counted&) -> int { throw 1; }), int);
  published.replace(std::make_unique<const Counted>(2));  // does not wait for ever
  EXPECT_EQ(Counted::alive, 1);
}

}  // namespace
}  // namespace cornu::graph::internal
