#include "cornu/graph/hidden.h"

#include <gtest/gtest.h>

#include <memory>

namespace cornu::graph {
namespace {

struct Counted {
  explicit Counted(int& alive) : alive(alive) { ++alive; }
  ~Counted() { --alive; }
  int& alive;
};

TEST(Hidden, DeletesWhatItOwnsOnce) {
  int alive = 0;
  {
    Hidden<Counted> first = std::make_unique<Counted>(alive), second;
    EXPECT_EQ(alive, 1);
    second = std::move(first);
    EXPECT_EQ(first, nullptr);
    EXPECT_TRUE(second);
    EXPECT_EQ(&second->alive, &alive);
    second = std::make_unique<Counted>(alive);  // the one before goes
    EXPECT_EQ(alive, 1);
    const Hidden<Counted> third(std::move(second));
    EXPECT_EQ(alive, 1);
  }
  EXPECT_EQ(alive, 0);
  Hidden<Counted> reset = std::make_unique<Counted>(alive);
  reset.reset();
  EXPECT_EQ(alive, 0);
}

}  // namespace
}  // namespace cornu::graph
