#include "cornu/graph/passes/internal/dead_nodes.h"

#include <gtest/gtest.h>

#include "cornu/graph/function.h"
#include "cornu/graph/passes/pass.h"
#include "tests/graph/toy_ops.h"

namespace cornu::graph::passes {
namespace {

using toy::reverse;
using toy::view;

TEST(DeadNodes, AnUpdateWithItsOwnOldValueGoes) {
  const Variable a(Array{1.f, 2.f}, "a"), b(Array{3.f, 4.f}, "b");
  const Tensor x = parameter(0, {float32, {2}});
  const Outputs before = Outputs{x}.update(a, view(view(a, {1, 2}), {2})).update(b, reverse(b));
  const Outputs after = remove_dead_nodes(before);
  ASSERT_EQ(after.updates().size(), 1u);
  EXPECT_TRUE(after.updates()[0].first == b);
  EXPECT_EQ(reachable(before).size(), 6u);
  EXPECT_EQ(reachable(after).size(), 3u);
}

TEST(DeadNodes, AnotherVariablesOldValueIsNews) {
  Variable a(Array{1.f, 2.f}, "a"), b(Array{3.f, 4.f}, "b");
  EXPECT_EQ(remove_dead_nodes(Outputs{}.update(a, b).update(b, a)).updates().size(), 2u);
  Function([&] { return Outputs{}.update(a, b).update(b, b); })();
  EXPECT_TRUE(array_equal(a.value(), Array{3.f, 4.f}));
  EXPECT_EQ(a.version(), 1u);
  EXPECT_EQ(b.version(), 0u);
}

}  // namespace
}  // namespace cornu::graph::passes
