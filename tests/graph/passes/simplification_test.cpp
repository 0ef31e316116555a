#include <gtest/gtest.h>

#include "cornu/graph/passes/pass.h"
#include "tests/graph/toy_ops.h"

namespace cornu::graph::passes {
namespace {

using toy::reverse;
using toy::view;

TEST(Simplification, AViewOfTheSameSpecIsItsInput) {
  const Tensor x = parameter(0, {float32, {2, 3}}), y = reverse(x);
  EXPECT_TRUE(optimise(Outputs(view(y, {2, 3}))).tensors()[0].same(y));
  EXPECT_TRUE(optimise(Outputs(view(view(x, {2, 3}), {2, 3}))).tensors()[0].same(x));
  EXPECT_EQ(reachable(optimise(Outputs(view(y, {3, 2})))).size(), 3u);
}

}  // namespace
}  // namespace cornu::graph::passes
