#include "cornu/ops/control/custom_gradient.h"

#include <gtest/gtest.h>

#include <cmath>

#include "cornu/autodiff/gradients.h"
#include "cornu/graph/function.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/control/scan.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/reduction.h"
#include "tests/support/op_samples.h"
#include "tests/support/special_values.h"

namespace cornu::tests {
namespace {

// log(1 + exp(x)) as Keras' documentation has it.
ops::CustomGradient log1pexp(const Tensors& x) {
  const Tensor e = ops::exp(x[0]);
  return {{ops::log(1 + e)}, [=](const Tensors& dy) -> Tensors { return {dy[0] * (1 - 1 / (1 + e))}; }};
}

const bool special = register_without_special_values("custom_gradient", "gives on what other ops made");

const bool samples = register_samples([] {
  return std::vector<OpSample>{
      {.op = "custom_gradient",
       .what = "log(1 + exp(x))",
       .build = [](const Tensors& t) { return ops::custom_gradient(log1pexp, {t[0]}); },
       .inputs = {uniform({2, 3})},
       .reference =
           [](const std::vector<F64>& t) { return map(t[0], [](double x) { return std::log1p(std::exp(x)); }); },
       .differentiable = {0}},
      {.op = "scan",
       .what = "a step with a gradient of its own",
       .build =
           [](const Tensors& t) {
             return ops::scan(
                        [](const Tensors& c, const Tensors& x) -> ops::StepResult {
                          return {ops::custom_gradient(log1pexp, {c[0] * x[0]}), {}};
                        },
                        {t[0]}, {t[1]})
                 .carry;
           },
       .inputs = {uniform({3}), uniform({4, 3}, -1, 1, 2)},
       .reference =
           [](const std::vector<F64>& t) {
             F64 c = t[0];
             for (std::int64_t i = 0; i < 12; ++i) c[i % 3] = std::log1p(std::exp(c[i % 3] * t[1][i]));
             return c;
           },
       .differentiable = {0, 1}}};
});

const bool errors = register_errors([] {
  const auto none = [](const Tensors&) { return Tensors(); };
  return std::vector<OpError>{
      {"custom_gradient", "argument 0 is an undefined tensor", [] { ops::custom_gradient(log1pexp, {Tensor()}); }},
      {"custom_gradient", "f gives an undefined tensor as output 0",
       [=] {
         ops::custom_gradient([=](const Tensors&) { return ops::CustomGradient{{Tensor()}, none}; }, {input(0, {2})});
       }},
      {"custom_gradient", "the gradient must have one tensor per argument, 1, got 0",
       [=] {
         ops::custom_gradient([=](const Tensors& x) { return ops::CustomGradient{x, none}; }, {input(0, {2})});
       }},
      {"custom_gradient", "the gradient by argument 0 must be float32(2,), got float32()",
       [=] {
         ops::custom_gradient(
             [=](const Tensors& x) {
               return ops::CustomGradient{x, [](const Tensors& dy) -> Tensors { return {ops::sum(dy[0])}; }};
             },
             {input(0, {2})});
       }},
  };
});

TEST(CustomGradient, IsTheOneThatIsGiven) {
  const graph::Function f([](const Tensor& x, const Tensor& w) {
    const auto reversed = [&](const Tensors& t) {
      return ops::CustomGradient{{t[0] * w, t[0] + 1},
                                 [](const Tensors& dy) -> Tensors { return {-dy[0] - 2 * dy[1]}; }};
    };
    const Tensors y = ops::custom_gradient(reversed, {x});
    graph::Outputs out(y);
    for (const Tensor& g : autodiff::gradients(ops::sum(y[0]), {x, w})) out.add(g);
    return out;
  });
  const auto y = f(Array{1.f, 2.f}, Array{3.f, 5.f});
  EXPECT_TRUE(array_equal(y[0], Array{3.f, 10.f}));
  EXPECT_TRUE(array_equal(y[1], Array{2.f, 3.f}));
  EXPECT_TRUE(array_equal(y[2], Array{-1.f, -1.f}));  // nothing depends on the second output
  EXPECT_TRUE(array_equal(y[3], Array{0.f, 0.f}));    // what is read from outside gets none
}

TEST(CustomGradient, DoesNotOverflow) {
  const graph::Function f([](const Tensor& x) {
    return graph::Outputs(autodiff::gradients(ops::sum(ops::custom_gradient(log1pexp, {x})[0]), {x}));
  });
  EXPECT_TRUE(array_equal(f(Array{100.f}).one(), Array{1.f}));
}

}  // namespace
}  // namespace cornu::tests
