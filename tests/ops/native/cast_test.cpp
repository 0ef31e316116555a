#include "cornu/ops/native/cast.h"

#include <gtest/gtest.h>

#include <cmath>

#include "cornu/autodiff/gradients.h"
#include "cornu/ops/binary.h"
#include "tests/support/interpreter.h"
#include "tests/support/op_samples.h"
#include "tests/support/special_values.h"

namespace cornu::tests {
namespace {

F64s same(const std::vector<F64>& x) { return x[0]; }

const bool special = register_special_functions(
    {of_one("cast", [](const Tensor& x) { return ops::cast(ops::cast(x, bfloat16), x.dtype()); }),
     of_one("stop_gradient", [](const Tensor& x) { return x * ops::stop_gradient(x); })});

const bool samples = register_samples([] {
  return std::vector<OpSample>{
      {.op = "cast",
       .what = "float32 to int32 truncates",
       .build = [](const Tensors& x) { return ops::cast(x[0], graph::int32); },
       .inputs = {numbers({6}, {-2.9, -0.5, 0, 0.5, 1.99, 7})},
       .reference = [](const std::vector<F64>& x) { return map(x[0], [](double v) { return std::trunc(v); }); }},
      {.op = "cast",
       .what = "uint8 to float32",
       .build = [](const Tensors& x) { return ops::cast(x[0], graph::float32); },
       .inputs = {numbers({2, 2}, {0, 1, 128, 255}, graph::uint8)},
       .reference = same},
      {.op = "cast",
       .what = "bool to float32",
       .build = [](const Tensors& x) { return ops::cast(x[0], graph::float32); },
       .inputs = {numbers({3}, {1, 0, 1}, graph::bool_)},
       .reference = same},
      {.op = "cast",
       .what = "float32 to bool",
       .build = [](const Tensors& x) { return ops::cast(x[0], graph::bool_); },
       .inputs = {numbers({4}, {0, -0.0, 0.25, -3})},
       .reference = [](const std::vector<F64>& x) { return map(x[0], [](double v) { return v != 0; }); }},
      {.op = "cast",
       .what = "there and back through float64",
       .build = [](const Tensors& x) { return ops::cast(ops::cast(x[0], graph::float64), graph::float32); },
       .inputs = {uniform({2, 3})},
       .reference = same,
       .differentiable = {0}},
      {.op = "cast",
       .what = "empty",
       .build = [](const Tensors& x) { return ops::cast(x[0], graph::int64); },
       .inputs = {uniform({0, 3})},
       .reference = same},
      {.op = "stop_gradient",
       .what = "the numbers pass",
       .build = [](const Tensors& x) { return ops::stop_gradient(x[0]); },
       .inputs = {uniform({2, 3})},
       .reference = same},
  };
});

TEST(Cast, ToTheSameDtypeIsTheTensorItself) {
  const Tensor x = input(0, {3});
  EXPECT_TRUE(ops::cast(x, graph::float32).same(x));
}

TEST(Cast, NoGradientFlowsThroughIntegers) {
  const Tensor x = input(0, {2});
  const Tensor y = ops::cast(ops::cast(x, graph::int32), graph::float32) * x;
  const Array g = interpret(autodiff::gradients(y, {x}), {Array{2.5f, -3.5f}})[0];
  EXPECT_TRUE(array_equal(g, Array{2.f, -3.f})) << g;
}

TEST(StopGradient, StopsIt) {
  const Tensor x = input(0, {2});
  const Array g = interpret(autodiff::gradients(ops::stop_gradient(x) * x, {x}), {Array{2.f, -3.f}})[0];
  EXPECT_TRUE(array_equal(g, Array{2.f, -3.f})) << g;
}

TEST(Cast, LargeOnSeveralThreadsIsTheSame) {
  const Array x = uniform({70001}, -300, 300);
  EXPECT_TRUE(array_equal(interpret({ops::cast(input(0, x.shape()), graph::int64)}, {x}, {.threads = 3})[0],
                          x.astype(graph::int64)));
}

}  // namespace
}  // namespace cornu::tests
