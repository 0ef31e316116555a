#include "cornu/graph/internal/node_table.h"

#include <gtest/gtest.h>

#include <set>

#include "cornu/graph/leaf.h"
#include "cornu/graph/passes/internal/common_subexpressions.h"
#include "cornu/graph/passes/pass.h"
#include "tests/graph/toy_ops.h"

namespace cornu::graph {
namespace {

using toy::axpy;

TEST(NodeTable, KeepsValuesOfNodesNearAndFar) {
  // Numbers far below the highest one, up to it, behind it, and far behind it.
  std::vector<Tensor> nodes;
  const auto make = [&](int n, bool keep) {
    for (int i = 0; i < n; ++i) {
      const Tensor x = parameter(0, {float32, {}});
      if (keep) nodes.push_back(x);
    }
  };
  make(5, true), make(30000, false), make(50, true);
  const std::size_t old = nodes.size();
  internal::NodeTable<int> table(nodes.front().node().id(), nodes.back().node().id(), old);
  make(50, true), make(30000, false), make(5, true), make(3000, false), make(5, true);
  for (std::size_t i = old; i < nodes.size(); ++i)
    if (const int* value = table.find(nodes[i].node())) {
      EXPECT_EQ(*value, 0);
    }
  for (std::size_t i = 0; i < nodes.size(); ++i) table[nodes[i].node()] = static_cast<int>(i) + 1;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    EXPECT_EQ(table[nodes[i].node()], static_cast<int>(i) + 1);
    ASSERT_NE(table.find(nodes[i].node()), nullptr);
    EXPECT_EQ(*table.find(nodes[i].node()), static_cast<int>(i) + 1);
  }
}

TEST(Reachable, FindsLeavesThatWereMadeLongAgo) {
  const Tensor x = parameter(0, {float32, {1}}), early = axpy(1, x, x);
  const Tensor y = parameter(1, {float32, {1}});
  for (int i = 0; i < (1 << 20); ++i) parameter(0, {float32, {}});
  const Tensor first = axpy(2, early, y), second = axpy(2, early, y);
  const Outputs outputs{axpy(3, first, second), x, second};
  const auto nodes = reachable(outputs);
  ASSERT_EQ(nodes.size(), 6u);
  for (std::size_t i = 1; i < nodes.size(); ++i) EXPECT_LT(nodes[i - 1]->id(), nodes[i]->id());
  EXPECT_EQ(reachable(passes::merge_common_subexpressions(outputs)).size(), 5u);
}

}  // namespace
}  // namespace cornu::graph
