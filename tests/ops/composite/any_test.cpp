#include "cornu/ops/composite/any.h"

#include <gtest/gtest.h>

#include <limits>

#include "cornu/graph/function.h"

namespace cornu::ops {
namespace {

TEST(Any, SaysWhetherAnElementIsNotZero) {
  const graph::Function rows([](const Tensor& x) { return any(x, {1}); });
  EXPECT_TRUE(array_equal(rows(Array{{0.F, 0.F}, {0.F, -2.F}}), (Array{{0, 1}} == 1).reshape({2})));
  EXPECT_TRUE(array_equal(rows(Array{{0, 0}, {3, 0}}), (Array{{0, 1}} == 1).reshape({2})));
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(array_equal(rows(Array{{0.F, nan}}), Array{1} == 1));
  const graph::Function kept([](const Tensor& x) { return any(x, {0, 1}, KeepDims::yes); });
  const Array all = kept(graph::zeros({2, 3}));
  EXPECT_EQ(all.shape(), (graph::Shape{1, 1}));
  EXPECT_FALSE(all.item<bool>());
}

}  // namespace
}  // namespace cornu::ops
