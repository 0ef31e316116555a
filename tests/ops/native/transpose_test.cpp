#include "cornu/ops/native/transpose.h"

#include <gtest/gtest.h>

#include "cornu/graph/op.h"
#include "cornu/ops/native/reshape.h"
#include "tests/support/interpreter.h"
#include "tests/support/op_samples.h"
#include "tests/support/special_values.h"

namespace cornu::tests {
namespace {

F64 permuted(const F64& x, const std::vector<int>& axes) {
  Shape shape = x.shape;
  for (std::size_t i = 0; i < axes.size(); ++i) shape[static_cast<int>(i)] = x.shape[axes[i]];
  F64 y(shape);
  for_each_index(x.shape, [&](auto from) {
    std::vector<std::int64_t> to;
    for (int axis : axes) to.push_back(from[axis]);
    y.at(to) = x.at(from);
  });
  return y;
}

OpSample sample(std::string what, const Array& x, const std::vector<int>& axes) {
  return {.op = "transpose",
          .what = std::move(what),
          .build = [axes](const Tensors& t) { return ops::transpose(t[0], axes); },
          .inputs = {x},
          .reference = [axes](const std::vector<F64>& t) { return permuted(t[0], axes); },
          .differentiable = graph::is_floating(x.dtype()) ? std::vector<int>{0} : std::vector<int>{}};
}

const bool special = register_special_functions({of_one("transpose", [](const Tensor& x) {
  return ops::transpose(ops::reshape(x, {-1, 2, 2}), {0, 2, 1});
})});

const bool samples = register_samples([] {
  return std::vector<OpSample>{
      sample("matrix", uniform({3, 5}), {1, 0}),
      sample("tiles and their rests", uniform({37, 21}), {1, 0}),
      sample("last axis stays", uniform({3, 4, 5}), {1, 0, 2}),
      sample("last two", uniform({2, 3, 4}), {0, 2, 1}),
      sample("cyclic", uniform({2, 3, 4}), {2, 0, 1}),
      sample("neighbours stay together", uniform({2, 3, 4, 5}), {2, 3, 0, 1}),
      sample("all mixed", uniform({2, 3, 4, 3}), {3, 1, 0, 2}),
      sample("axes of length 1", uniform({1, 3, 1, 4}), {3, 2, 1, 0}),
      sample("uint8", numbers({2, 3}, {1, 2, 3, 4, 5, 6}, graph::uint8), {1, 0}),
      sample("int64", numbers({2, 3}, {1, 2, 3, 4, 5, 6}, graph::int64), {1, 0}),
      sample("empty", uniform({2, 0, 3}), {2, 1, 0}),
  };
});

const bool errors = register_errors([] {
  const Tensor x = input(0, {2, 3});
  return std::vector<OpError>{
      {"transpose", "3 axes given for shape (2, 3)",
       [x] {
         ops::transpose(x, {0, 1, 2});
       }},
      {"transpose", "axis 0 given twice for shape (2, 3)",
       [x] {
         ops::transpose(x, {0, -2});
       }},
      {"transpose", "axis 2 is out of bounds for shape (2, 3)",
       [x] {
         ops::transpose(x, {0, 2});
       }},
  };
});

TEST(Transpose, ReversesTheAxesByDefault) {
  EXPECT_EQ(ops::transpose(input(0, {2, 3, 4})).shape(), (Shape{4, 3, 2}));
  EXPECT_EQ(ops::transpose(input(0, {2, 3, 4}), {-1, 0, 1}).shape(), (Shape{4, 2, 3}));
}

TEST(Moveaxis, MovesOneAxis) {
  const Tensor x = input(0, {2, 3, 4, 5});
  EXPECT_EQ(ops::moveaxis(x, 1, -1).shape(), (Shape{2, 4, 5, 3}));
  EXPECT_EQ(ops::moveaxis(x, -1, 1).shape(), (Shape{2, 5, 3, 4}));
  EXPECT_TRUE(ops::moveaxis(x, 2, -2).same(x));
  EXPECT_THROW(ops::moveaxis(x, 4, 0), graph::ShapeError);
}

TEST(Transpose, CopiesNothingIfOnlyAxesOfLengthOneMove) {
  const Tensor x = input(0, {3, 1, 4});
  EXPECT_TRUE(ops::transpose(x, {0, 1, 2}).same(x));
  EXPECT_TRUE(ops::transpose(x, {1, 0, 2}).node().op().traits().view);
}

TEST(Transpose, LargeOnSeveralThreadsIsTheSame) {
  const Array x = uniform({7, 130, 67});
  const Tensor y = ops::transpose(input(0, x.shape()), {2, 0, 1});
  EXPECT_TRUE(array_equal(interpret({y}, {x}, {.threads = 3})[0], x.transpose({2, 0, 1})));
}

}  // namespace
}  // namespace cornu::tests
