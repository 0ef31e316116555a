#include "cornu/graph/internal/implements.h"

#include <gtest/gtest.h>

#include "cornu/graph/leaf.h"
#include "tests/graph/toy_ops.h"

namespace cornu::graph::internal {
namespace {

struct Counts {
  virtual int count() const { return 1; }

 protected:
  ~Counts() = default;
};
struct Weighs {
  virtual int weight() const = 0;

 protected:
  ~Weighs() = default;
};

struct Copy : Op {
  std::string_view name() const override { return "test_copy"; }
  Specs infer(const Specs& in) const override { return in; }
  Tensors gradient(const Backward& b) const override { return no_gradient(b); }
  Kernel plan(const PlanRequest&) const override { throw Error("it is not run"); }
};
/// The interfaces lie at different distances in the two classes.
struct CountingCopy final : Copy, Counts {
  int count() const override { return 2; }
};
struct HeavyCopy final : Copy, Weighs, Counts {
  int number = 5;
  int weight() const override { return number; }
  int count() const override { return number + 1; }
};

TEST(Implements, GivesTheInterfaceWhereverItLies) {
  const HeavyCopy heavy, other;
  const CountingCopy counting;
  for (int times = 0; times < 2; ++times) {  // searched for, then remembered
    for (const Op* op : std::initializer_list<const Op*>{&heavy, &other, &counting}) {
      EXPECT_EQ(implements<Counts>(*op), dynamic_cast<const Counts*>(op));
      EXPECT_EQ(implements<Weighs>(*op), dynamic_cast<const Weighs*>(op));
    }
    EXPECT_EQ(implements<Counts>(heavy)->count(), 6);
    EXPECT_EQ(implements<Weighs>(heavy)->weight(), 5);
    EXPECT_EQ(implements<Counts>(counting)->count(), 2);
  }
}

TEST(Implements, GivesNothingWhereThereIsNone) {
  const CountingCopy counting;
  const Copy plain;
  for (int times = 0; times < 2; ++times) {
    EXPECT_EQ(implements<Weighs>(counting), nullptr);
    EXPECT_EQ(implements<Counts>(plain), nullptr);
  }
}

}  // namespace
}  // namespace cornu::graph::internal
