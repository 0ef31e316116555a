#include "cornu/ops/control/fori_loop.h"

#include <gtest/gtest.h>

#include "cornu/autodiff/gradients.h"
#include "cornu/graph/function.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/reduction.h"

namespace cornu::tests {
namespace {

using graph::Tensor;
using graph::Tensors;

TEST(ForiLoop, CountsFromTheLowerToTheUpperNumber) {
  const auto sum = [](std::int64_t lower, std::int64_t upper) {
    const graph::Function f([&](const Tensor& s) {
      return ops::fori_loop(lower, upper, [](const Tensor& i, const Tensors& v) -> Tensors { return {v[0] + i}; },
                            {s})[0];
    });
    return f(Array::scalar(std::int64_t{0})).one().data<std::int64_t>()[0];
  };
  EXPECT_EQ(sum(0, 10), 45);
  EXPECT_EQ(sum(-3, 5), 4);
  EXPECT_EQ(sum(4, 5), 4);
  EXPECT_EQ(sum(5, 5), 0);
  EXPECT_EQ(sum(7, 5), 0);
}

TEST(ForiLoop, HasAGradient) {
  const graph::Function f([](const Tensor& x) {
    const Tensor y = ops::fori_loop(
        1, 4, [&](const Tensor& i, const Tensors& v) -> Tensors { return {v[0] * x * ops::cast(i, graph::float32)}; },
        {ops::ones_like(x)})[0];
    return graph::Outputs{y, autodiff::gradients(ops::sum(y), {x})[0]};
  });
  const auto y = f(Array{2.f, -1.f});  // 6 x^3
  EXPECT_TRUE(allclose(y[0], Array{48.f, -6.f}));
  EXPECT_TRUE(allclose(y[1], Array{72.f, 18.f}));
}

}  // namespace
}  // namespace cornu::tests
