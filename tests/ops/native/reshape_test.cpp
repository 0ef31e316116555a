#include "cornu/ops/native/reshape.h"

#include <gtest/gtest.h>

#include "tests/support/op_samples.h"
#include "tests/support/special_values.h"

namespace cornu::tests {
namespace {

F64 as_shape(const F64& x, const Shape& shape) { return {shape, x.v}; }

const bool special =
    register_special_functions({of_one("reshape", [](const Tensor& x) { return ops::expand_dims(x, -1); })});

const bool samples = register_samples([] {
  return std::vector<OpSample>{
      {.op = "reshape",
       .what = "an open length",
       .build =
           [](const Tensors& x) {
             return ops::reshape(x[0], {4, -1});
           },
       .inputs = {uniform({2, 3, 2})},
       .reference =
           [](const std::vector<F64>& x) {
             return as_shape(x[0], {4, 3});
           },
       .differentiable = {0}},
      {.op = "reshape",
       .what = "to a scalar, int64",
       .build = [](const Tensors& x) { return ops::reshape(x[0], {}); },
       .inputs = {numbers({1, 1}, {7}, graph::int64)},
       .reference = [](const std::vector<F64>& x) { return as_shape(x[0], {}); }},
      {.op = "reshape",
       .what = "empty",
       .build =
           [](const Tensors& x) {
             return ops::reshape(x[0], {3, 0, 5});
           },
       .inputs = {uniform({0, 4})},
       .reference =
           [](const std::vector<F64>& x) {
             return as_shape(x[0], {3, 0, 5});
           },
       .differentiable = {0}},
      {.op = "reshape",
       .what = "expand_dims and squeeze",
       .build = [](const Tensors& x) { return ops::expand_dims(ops::expand_dims(ops::squeeze(x[0], 1), -1), 0); },
       .inputs = {uniform({3, 1, 2})},
       .reference =
           [](const std::vector<F64>& x) {
             return as_shape(x[0], {1, 3, 2, 1});
           },
       .differentiable = {0}},
  };
});

const bool errors = register_errors([] {
  const Tensor x = input(0, {2, 3});
  return std::vector<OpError>{
      {"reshape", "cannot reshape (2, 3) (6 elements) into (4, -1)",
       [x] {
         ops::reshape(x, {4, -1});
       }},
      {"reshape", "cannot reshape (2, 3) (6 elements) into (5,)", [x] { ops::reshape(x, {5}); }},
      {"reshape", "at most one -1, got (-1, -1)",
       [x] {
         ops::reshape(x, {-1, -1});
       }},
      {"reshape", "non-negative lengths and at most one -1, got (-2, 3)",
       [x] {
         ops::reshape(x, {-2, 3});
       }},
      {"reshape", "into (0, -1)",
       [x] {
         ops::reshape(x, {0, -1});
       }},
      {"squeeze", "expected length 1 at axis 1, got shape (2, 3)", [x] { ops::squeeze(x, -1); }},
      {"squeeze", "axis 2 is out of bounds for shape (2, 3)", [x] { ops::squeeze(x, 2); }},
      {"expand_dims", "axis 3 is out of bounds for shape (2, 3)", [x] { ops::expand_dims(x, 3); }},
      {"expand_dims", "axis 4 is out of bounds for 4 axes",
       [x] {
         ops::expand_dims(x, {0, 4});
       }},
      {"expand_dims", "an axis is named twice",
       [x] {
         ops::expand_dims(x, {1, -3});
       }},
      {"squeeze", "expected length 1 at axis 1, got shape (2, 3)", [x] { ops::squeeze(x, std::vector<int>{-1}); }},
  };
});

TEST(Reshape, ToTheSameShapeIsTheTensorItself) {
  const Tensor x = input(0, {2, 3});
  EXPECT_TRUE(ops::reshape(x, {2, -1}).same(x));
}

TEST(Reshape, AxesOfLengthOneComeAndGoSeveralAtOnce) {
  const Tensor x = input(0, {2, 3}), wide = ops::expand_dims(x, {0, -1, 2});
  EXPECT_EQ(wide.shape(), (Shape{1, 2, 1, 3, 1}));
  EXPECT_EQ(ops::squeeze(wide).shape(), (Shape{2, 3}));
  EXPECT_EQ(ops::squeeze(wide, {0, -1}).shape(), (Shape{2, 1, 3}));
  EXPECT_EQ(ops::squeeze(input(0, {1, 1})).shape(), (Shape{}));
}

}  // namespace
}  // namespace cornu::tests
