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

TEST(Any, AllSaysWhetherNoElementIsZero) {
  const graph::Function rows([](const Tensor& x) { return all(x, 1); });
  EXPECT_TRUE(array_equal(rows(Array{{0.F, 1.F}, {3.F, -2.F}}), Array{false, true}));
  EXPECT_TRUE(array_equal(rows(Array{{1, 0}, {3, 9}}), Array{false, true}));
  EXPECT_TRUE(array_equal(rows(Array{{true, true}, {true, false}}), Array{true, false}));
  EXPECT_TRUE(array_equal(rows(Array{{std::numeric_limits<float>::quiet_NaN(), 1.F}}), Array{true}));
}

TEST(Any, OfNothing) {
  const graph::Function both([](const Tensor& x) { return graph::Outputs{any(x), all(x), count_nonzero(x)}; });
  for (DType dtype : {float32, bool_, uint8, int64, bfloat16}) {
    const auto y = both(Array(graph::Shape{0}, dtype));
    EXPECT_FALSE(y[0].item<bool>());
    EXPECT_TRUE(y[1].item<bool>());
    EXPECT_EQ(y[2].item<int>(), 0);
  }
}

TEST(Any, CountsWhatIsNotZero) {
  const graph::Function columns([](const Tensor& x) { return count_nonzero(x, 0); });
  const Array counts = columns(Array{{0.F, 1.F}, {3.F, -2.F}});
  EXPECT_EQ(counts.dtype(), int32);
  EXPECT_TRUE(array_equal(counts, Array{1, 2}));
}

}  // namespace
}  // namespace cornu::ops
