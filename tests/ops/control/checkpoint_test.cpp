#include "cornu/ops/control/checkpoint.h"

#include <gtest/gtest.h>

#include <cmath>

#include "cornu/autodiff/gradients.h"
#include "cornu/graph/function.h"
#include "cornu/graph/passes/pass.h"
#include "cornu/graph/plan/internal/plan.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/control/scan.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/matmul.h"
#include "cornu/ops/native/transpose.h"
#include "cornu/ops/reduction.h"
#include "tests/support/op_samples.h"
#include "tests/support/special_values.h"

namespace cornu::tests {
namespace {

// tanh(x w) sin(x), sum of squares; w is read from outside.
Tensors block(const Tensors& t) {
  return ops::checkpoint(
      [&](const Tensors& x) -> Tensors {
        const Tensor y = ops::tanh(ops::matmul(x[0], t[1])) * ops::sin(x[0]);
        return {y, ops::sum(y * y, -1)};
      },
      {t[0]});
}

F64s block_reference(const std::vector<F64>& t) {
  const std::int64_t n = t[0].shape[0], m = t[0].shape[1];
  F64 y(t[0].shape), sums(Shape{n});
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t j = 0; j < m; ++j) {
      double z = 0;
      for (std::int64_t k = 0; k < m; ++k) z += t[0][i * m + k] * t[1][k * m + j];
      y[i * m + j] = std::tanh(z) * std::sin(t[0][i * m + j]);
      sums[i] += y[i * m + j] * y[i * m + j];
    }
  return {y, sums};
}

const bool special = register_without_special_values("checkpoint", "runs other ops");

const bool samples = register_samples([] {
  std::vector<OpSample> all;
  for (const Shape& shape : {Shape{2, 3}, Shape{200, 32}}) {
    const std::int64_t m = shape[1];
    all.push_back({.op = "checkpoint",
                   .what = graph::message("a block of ", shape),
                   .build = block,
                   .inputs = {uniform(shape, -1, 1), uniform({m, m}, -0.5, 0.5, 2)},
                   .reference = block_reference,
                   .differentiable = {0, 1}});
  }
  all.push_back({.op = "scan",
                 .what = "steps that are computed again",
                 .build =
                     [](const Tensors& t) {
                       const auto step = [&](const Tensors& c, const Tensors& x) -> ops::StepResult {
                         const auto f = [&](const Tensors& in) -> Tensors {
                           return {ops::tanh(ops::matmul(in[0], t[2]) + in[1])};
                         };
                         const Tensors h = ops::checkpoint(f, {c[0], x[0]});
                         return {h, h};
                       };
                       return ops::scan(step, {t[0]}, {t[1]}).ys;
                     },
                 .inputs = {uniform({2, 3}), uniform({4, 2, 3}, -1, 1, 2), uniform({3, 3}, -0.5, 0.5, 3)},
                 .reference =
                     [](const std::vector<F64>& t) {
                       F64 h = t[0], all(t[1].shape);
                       for (std::int64_t s = 0; s < 4; ++s) {
                         F64 next(h.shape);
                         for (std::int64_t i = 0; i < 6; ++i) {
                           double z = t[1][s * 6 + i];
                           for (std::int64_t k = 0; k < 3; ++k) z += h[i / 3 * 3 + k] * t[2][k * 3 + i % 3];
                           next[i] = all[s * 6 + i] = std::tanh(z);
                         }
                         h = next;
                       }
                       return all;
                     },
                 .differentiable = {0, 1, 2}});
  return all;
});

const bool errors = register_errors([] {
  return std::vector<OpError>{
      {"checkpoint", "input 0 is an undefined tensor",
       [] { ops::checkpoint([](const Tensors& x) { return x; }, {Tensor()}); }},
      {"checkpoint", "f gives an undefined tensor as output 1",
       [] {
         ops::checkpoint([](const Tensors& x) { return Tensors{x[0], Tensor()}; }, {input(0, {2})});
       }},
  };
});

// Blocks one after the other, each of which has much between its input and its output.
graph::Outputs deep(bool checkpointed) {
  const auto f = [](const Tensors& x) -> Tensors {
    Tensor y = x[0];
    for (int i = 0; i < 6; ++i) y = ops::sin(ops::transpose(y)) * y;
    return {y};
  };
  const Tensor x = input(0, {64, 64});
  Tensor y = x;
  for (int i = 0; i < 5; ++i) y = checkpointed ? ops::checkpoint(f, {y})[0] : f({y})[0];
  return graph::Outputs(autodiff::gradients(ops::sum(y), {x}));
}

TEST(Checkpoint, KeepsLess) {
  const graph::Specs x{{graph::float32, {64, 64}}};
  const graph::Plan all(graph::optimise(deep(false)), x, 1), some(graph::optimise(deep(true)), x, 1);
  EXPECT_LT(2 * some.workspace_bytes(), all.workspace_bytes());
  Array want({graph::float32, {64, 64}}), got({graph::float32, {64, 64}});
  const Array numbers = uniform({64, 64});
  all.run({&numbers, 1}, {&want, 1});
  some.run({&numbers, 1}, {&got, 1});
  EXPECT_TRUE(allclose(got, want, 1e-5, 1e-6));
}

TEST(Checkpoint, WhatNobodyReadsIsNotComputed) {
  const graph::Function f([](const Tensor& x) {
    return ops::checkpoint([](const Tensors& t) -> Tensors { return {ops::sin(t[0]), ops::exp(t[0])}; }, {x})[1];
  });
  const std::string text = f.to_string({{graph::float32, {2}}});
  EXPECT_EQ(text.find("sin"), std::string::npos) << text;
  EXPECT_NE(text.find("exp"), std::string::npos) << text;
}

}  // namespace
}  // namespace cornu::tests
