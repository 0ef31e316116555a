#include "cornu/ops/native/broadcast_to.h"

#include <gtest/gtest.h>

#include "tests/support/interpreter.h"
#include "tests/support/op_samples.h"
#include "tests/support/special_values.h"

namespace cornu::tests {
namespace {

OpSample sample(std::string what, const Array& x, const Shape& shape) {
  return {.op = "broadcast_to",
          .what = std::move(what),
          .build = [shape](const Tensors& t) { return ops::broadcast_to(t[0], shape); },
          .inputs = {x},
          .reference =
              [shape](const std::vector<F64>& t) { return zip(t[0], F64(shape), [](double a, double) { return a; }); },
          .differentiable = graph::is_floating(x.dtype()) ? std::vector<int>{0} : std::vector<int>{}};
}

const bool special = register_special_functions({of_one("broadcast_to", [](const Tensor& x) {
  return ops::broadcast_to(x, {x.shape()[0], 3});
})});

const bool samples = register_samples([] {
  return std::vector<OpSample>{
      sample("scalar", uniform({}), {2, 3}),
      sample("row", uniform({4}), {3, 4}),
      sample("column", uniform({3, 1}), {3, 4}),
      sample("outer and inner", uniform({1, 3, 1, 2}), {2, 3, 4, 2}),
      sample("alternating", uniform({2, 1, 3, 1}), {2, 4, 3, 2}),
      sample("new axes", uniform({2, 1}), {3, 1, 2, 2}),
      sample("bool", numbers({3, 1}, {1, 0, 1}, graph::bool_), {3, 2}),
      sample("int64", numbers({2}, {1, -5}, graph::int64), {2, 2}),
      sample("empty", uniform({1, 3}), {0, 3}),
      sample("from empty", uniform({0, 1}), {0, 3}),
  };
});

const bool errors = register_errors([] {
  const Tensor x = input(0, {2, 3});
  return std::vector<OpError>{
      {"broadcast_to", "shape (2, 3) does not broadcast to (2, 4)",
       [x] {
         ops::broadcast_to(x, {2, 4});
       }},
      {"broadcast_to", "shape (2, 3) does not broadcast to (3,)", [x] { ops::broadcast_to(x, {3}); }},
      {"broadcast_to", "shape (2, 3) does not broadcast to (4, 2, 1)",
       [x] {
         ops::broadcast_to(x, {4, 2, 1});
       }},
  };
});

TEST(BroadcastTo, FullAndLike) {
  const Tensor x = input(0, {2, 2}, graph::int32);
  const auto got =
      interpret({ops::full({3}, 0.5), ops::ones_like(x), ops::zeros_like(x), ops::full({}, 1, graph::bool_)},
                {numbers({2, 2}, {1, 2, 3, 4}, graph::int32)});
  EXPECT_TRUE(array_equal(got[0], Array{0.5f, 0.5f, 0.5f}));
  EXPECT_TRUE(array_equal(got[1], graph::ones({2, 2}, graph::int32)));
  EXPECT_EQ(got[1].dtype(), graph::int32);
  EXPECT_TRUE(array_equal(got[2], graph::zeros({2, 2}, graph::int32)));
  EXPECT_TRUE(got[3].item<bool>());
}

TEST(BroadcastTo, LargeOnSeveralThreadsIsTheSame) {
  const Array x = uniform({5, 1, 301});
  const Tensor y = ops::broadcast_to(input(0, x.shape()), {5, 43, 301});
  EXPECT_TRUE(array_equal(interpret({y}, {x}, {.threads = 3})[0], x + graph::zeros({5, 43, 301})));
}

}  // namespace
}  // namespace cornu::tests
