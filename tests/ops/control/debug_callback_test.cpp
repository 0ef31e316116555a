#include "cornu/ops/control/debug_callback.h"

#include <gmock/gmock.h>

#include <limits>

#include "cornu/autodiff/gradients.h"
#include "cornu/graph/function.h"
#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/control/scan.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/matmul.h"
#include "cornu/ops/reduction.h"
#include "tests/support/op_samples.h"
#include "tests/support/special_values.h"

namespace cornu::tests {
namespace {

using graph::Function;
using graph::Outputs;
using testing::ElementsAre;

Tensor watched(const Tensor& x) {
  return ops::debug_callback([](const Array&) {}, x);
}

const bool samples = register_samples([] {
  const auto sample = [](std::string what, const Array& x) {
    return OpSample{.op = "debug_callback",
                    .what = std::move(what),
                    .build = [](const Tensors& t) { return watched(t[0]); },
                    .inputs = {x},
                    .reference = [](const std::vector<F64>& t) { return t[0]; },
                    .differentiable = graph::is_floating(x.dtype()) ? std::vector<int>{0} : std::vector<int>{}};
  };
  return std::vector<OpSample>{sample("a line", numbers({3}, {1, -2, 3})),
                               sample("integers", numbers({2, 2}, {1, 2, 3, 4}, graph::int32)),
                               sample("empty", numbers({0, 2}, {}))};
});
const bool errors = register_errors([] {
  return std::vector<OpError>{
      {"debug_callback", "expected a function, got none", [] { ops::debug_callback(nullptr, input(0, {2})); }}};
});
const bool no_table = register_without_special_values("debug_callback", "gives its input");

TEST(DebugCallback, SeesTheNumbersOfEveryCall) {
  std::vector<float> seen;
  const Function f([&](const Tensor& x) {
    return ops::square(ops::debug_callback([&](const Array& a) { seen.push_back(a.item<float>()); }, x * 2));
  });
  for (const float x : {1.f, 2.f, 3.f}) EXPECT_EQ(f(Array{x}).one().item<float>(), 4 * x * x);
  EXPECT_THAT(seen, ElementsAre(2, 4, 6));
}

// Of what could be computed in any order, and by several threads.
TEST(DebugCallback, IsCalledInTheOrderOfTheProgram) {
  std::vector<int> seen;
  const Function f(
      [&](const Tensor& x) {
        Outputs all;
        for (int i = 0; i < 20; ++i) {
          const auto note = [&seen, i](const Array&) { seen.push_back(i); };
          const Tensor large = ops::matmul(x, x);  // worth sharing
          const Tensor y = ops::debug_callback(note, i % 3 == 0 ? large * i : ops::sum(x * i));
          all.add(ops::sum(y));
        }
        return all;
      },
      {.threads = 3});
  const Array x = graph::ones({128, 128});
  for (int call = 0; call < 3; ++call) {
    seen.clear();
    f.call({&x, 1});
    EXPECT_EQ(seen.size(), 20U);
    EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
  }
}

TEST(DebugCallback, IsNotSharedAndNotFolded) {
  int calls = 0;
  const Function f([&](const Tensor& x) {
    const Tensor two = graph::constant(2, graph::float32);
    const auto count = [&](const Array&) { ++calls; };
    return x + ops::debug_callback(count, two) + ops::debug_callback(count, two);
  });
  EXPECT_EQ(calls, 0);
  EXPECT_EQ(f(Array{1.f}).one().item<float>(), 5);
  EXPECT_EQ(calls, 2);
}

TEST(DebugCallback, GradientsPassItBy) {
  int calls = 0;
  const Function f([&](const Tensor& x) {
    const Tensor y = ops::debug_callback([&](const Array&) { ++calls; }, ops::square(x));
    return autodiff::gradients(ops::sum(y * y), {x})[0];
  });
  EXPECT_EQ(f(Array{2.f}).one().item<float>(), 32);
  EXPECT_EQ(calls, 1);
}

TEST(DebugCallback, SeesEachStepOfALoop) {
  std::vector<float> seen;
  const Function f([&](const Tensor& x) {
    return ops::scan(
               [&](const Tensors& carry, const Tensors& xs) -> ops::StepResult {
                 return {
                     {ops::debug_callback([&](const Array& a) { seen.push_back(a.item<float>()); }, carry[0] + xs[0])},
                     {}};
               },
               {graph::constant(0, graph::float32)}, {x})
        .carry[0];
  });
  EXPECT_EQ(f(Array{1.f, 2.f, 3.f}).one().item<float>(), 6);
  EXPECT_THAT(seen, ElementsAre(1, 3, 6));
}

TEST(DebugCallback, WhatItThrowsReachesTheCaller) {
  const Function f([&](const Tensor& x) {
    return ops::debug_callback([](const Array&) { throw graph::ValueError("enough"); }, x) + 1;
  });
  EXPECT_THROW(f(Array{1.f}), graph::ValueError);
  EXPECT_THROW(f(Array{1.f}), graph::ValueError) << "and again";
}

}  // namespace
}  // namespace cornu::tests
