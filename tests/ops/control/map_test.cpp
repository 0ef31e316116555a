#include "cornu/ops/control/map.h"

#include <gtest/gtest.h>

#include <cmath>

#include "cornu/graph/function.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/reduction.h"
#include "tests/support/op_samples.h"

namespace cornu::tests {
namespace {

const bool samples = register_samples([] {
  return std::vector<OpSample>{{.op = "scan",
                                .what = "map of two sequences",
                                .build =
                                    [](const Tensors& t) {
                                      return ops::map(
                                          [&](const Tensors& x) -> Tensors {
                                            return {ops::sum(ops::sin(x[0]) * x[1]), x[1] * t[2]};
                                          },
                                          {t[0], t[1]});
                                    },
                                .inputs = {uniform({4, 3}), uniform({4, 3}, -1, 1, 2), uniform({3}, -1, 1, 3)},
                                .reference =
                                    [](const std::vector<F64>& t) {
                                      F64 sums(Shape{4}), products(Shape{4, 3});
                                      for (std::int64_t i = 0; i < 12; ++i) {
                                        sums[i / 3] += std::sin(t[0][i]) * t[1][i];
                                        products[i] = t[1][i] * t[2][i % 3];
                                      }
                                      return F64s{sums, products};
                                    },
                                .differentiable = {0, 1, 2}}};
});

TEST(Map, OfNothingIsNothing) {
  const graph::Function f([](const Tensor& x) {
    return ops::map([](const Tensors& row) -> Tensors { return {ops::sum(row[0])}; }, {x})[0];
  });
  EXPECT_EQ(f(Array(Shape{0, 3})).one().shape(), (Shape{0}));
  EXPECT_TRUE(array_equal(f(Array{{1.f, 2.f}, {3.f, 4.f}}).one(), Array{3.f, 7.f}));
}

}  // namespace
}  // namespace cornu::tests
