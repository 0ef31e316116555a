#include "cornu/ops/native/searchsorted.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "cornu/graph/array/random.h"
#include "cornu/graph/leaf.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/reshape.h"
#include "tests/support/interpreter.h"
#include "tests/support/op_samples.h"
#include "tests/support/special_values.h"

namespace cornu::tests {
namespace {

OpSample sample(std::string what, const Array& sorted, const Array& values, const std::string& side) {
  return {.op = "searchsorted",
          .what = std::move(what),
          .build = [side](const Tensors& t) { return ops::searchsorted(t[0], t[1], side); },
          .inputs = {sorted, values},
          .reference =
              [side](const std::vector<F64>& t) {
                F64 y(t[1].shape);
                for (std::int64_t i = 0; i < y.size(); ++i)
                  for (std::int64_t k = 0; k < t[0].size(); ++k)
                    y[i] += side == "left" ? t[0][k] < t[1][i] : t[0][k] <= t[1][i];
                return y;
              }};
}

const bool samples = register_samples([] {
  const Array bounds = numbers({4}, {-1, 0, 0, 2.5}), values = numbers({2, 4}, {-3, -1, -0.5, 0, 1, 2.5, 3, 0});
  return std::vector<OpSample>{
      sample("left", bounds, values, "left"),
      sample("right", bounds, values, "right"),
      sample("int64", numbers({3}, {1, 3, 3}, graph::int64), numbers({5}, {0, 1, 2, 3, 4}, graph::int64), "right"),
      sample("nothing to search in", numbers({0}, {}), values, "left"),
      sample("no values", bounds, numbers({0, 2}, {}), "left"),
  };
});

Tensor bounds_like(const Tensor& x) { return ops::cast(Tensor(Array{-1.f, 0.f, 1.f}), x.dtype()); }

const bool special = register_special_functions(
    {of_one("digitize", [](const Tensor& x) { return ops::digitize(ops::reshape(x, {-1}), bounds_like(x)); }),
     of_one("searchsorted", [](const Tensor& x) { return ops::searchsorted(bounds_like(x), ops::reshape(x, {-1})); })});

const bool errors = register_errors([] {
  return std::vector<OpError>{
      {"searchsorted", "expected a sequence of one axis, got float32(2, 3)",
       [] {
         ops::searchsorted(input(0, {2, 3}), input(1, {2}));
       }},
      {"searchsorted", "expected a sequence and values of one dtype, got float32(3,) and int32(2,)",
       [] { ops::searchsorted(input(0, {3}), input(1, {2}, graph::int32)); }},
      {"searchsorted", "expected side 'left' or 'right', got 'middle'",
       [] { ops::searchsorted(input(0, {3}), input(1, {2}), "middle"); }},
  };
});

TEST(Searchsorted, LargeOnSeveralThreadsIsTheSame) {
  Array bounds = graph::random::Generator(1).uniform({100}, -1, 1);
  std::sort(bounds.data<float>(), bounds.data<float>() + 100);
  const Array x = graph::random::Generator(2).uniform({50000}, -1, 1);
  const Tensor y = ops::digitize(input(0, x.shape()), graph::constant(bounds));
  EXPECT_TRUE(array_equal(interpret({y}, {x}, {.threads = 3})[0], interpret({y}, {x}, {.threads = 1})[0]));
}

}  // namespace
}  // namespace cornu::tests
