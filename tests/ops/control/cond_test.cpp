#include "cornu/ops/control/cond.h"

#include <gtest/gtest.h>

#include <cmath>

#include "cornu/graph/function.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/control/while_loop.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/reduction.h"
#include "tests/support/op_samples.h"
#include "tests/support/special_values.h"

namespace cornu::tests {
namespace {

Tensors chosen(const Tensors& t) {
  return ops::cond(
      t[0],
      [&]() -> Tensors {
        return {ops::sin(t[1]) * t[2], ops::sum(t[1])};
      },
      [&]() -> Tensors {
        return {t[1] * t[1], ops::sum(t[1] * t[1]) * 0.5};
      });
}

F64s chosen_reference(const std::vector<F64>& t) {
  const bool first = t[0][0] != 0;
  F64 y(t[1].shape), sum(Shape{});
  for (std::int64_t i = 0; i < y.size(); ++i) {
    const double x = t[1][i];
    y[i] = first ? std::sin(x) * t[2][i] : x * x;
    sum[0] += first ? x : x * x * 0.5;
  }
  return {y, sum};
}

const bool special = register_without_special_values("cond", "runs other ops");

const bool samples = register_samples([] {
  std::vector<OpSample> all;
  for (const double pred : {0., 1.})
    for (const Shape& shape : {Shape{3}, Shape{300, 100}})
      all.push_back({.op = "cond",
                     .what = graph::message(pred != 0 ? "true" : "false", ", of ", shape),
                     .build = chosen,
                     .inputs = {numbers({}, {pred}, graph::bool_), uniform(shape), uniform(shape, -1, 1, 2)},
                     .reference = chosen_reference,
                     .differentiable = {1, 2}});
  return all;
});

Tensors one(const Tensor& x) { return {x}; }

const bool errors = register_errors([] {
  const auto with = [](const Tensor& pred, Tensors a, Tensors b) {
    ops::cond(
        pred, [&] { return a; }, [&] { return b; });
  };
  return std::vector<OpError>{
      {"cond", "pred is an undefined tensor", [=] { with(Tensor(), {}, {}); }},
      {"cond", "pred must be bool, got float32()", [=] { with(input(0, {}), {}, {}); }},
      {"cond", "pred must have one element, got shape (2,)", [=] { with(input(0, {2}, graph::bool_), {}, {}); }},
      {"cond", "true_fn gives 1 tensors, false_fn 0",
       [=] { with(input(0, {}, graph::bool_), one(input(1, {2})), {}); }},
      {"cond", "output 0 is float32(2,) of true_fn, float32(3,) of false_fn",
       [=] { with(input(0, {}, graph::bool_), one(input(1, {2})), one(input(2, {3}))); }},
      {"cond", "output 0 is an undefined tensor",
       [=] { with(input(0, {}, graph::bool_), one(Tensor()), one(input(2, {3}))); }},
  };
});

TEST(Cond, ComputesOnlyWhatIsChosen) {
  // Were it computed, the other branch would not end.
  const auto endless = [](const Tensors& x) -> Tensors { return x; };
  const auto always = [](const Tensors& x) {
    return ops::greater_equal(ops::sum(x[0] * x[0]), Tensor(Array::scalar(0.f)));
  };
  const graph::Function f([&](const Tensor& p, const Tensor& x) {
    return ops::cond(
        p, [&]() -> Tensors { return {x * 2}; }, [&]() -> Tensors { return ops::while_loop(always, endless, {x}); })[0];
  });
  EXPECT_TRUE(array_equal(f(graph::full(Shape{}, 1, graph::bool_), Array{1.f, 2.f}).one(), Array{2.f, 4.f}));
}

TEST(Cond, ReadsVariables) {
  const graph::Variable w(Array{3.f}, "w");
  const graph::Function f([&](const Tensor& p) {
    return ops::cond(
        p, [&]() -> Tensors { return {Tensor(w) * 2}; }, [&]() -> Tensors { return {Tensor(w)}; })[0];
  });
  EXPECT_TRUE(array_equal(f(graph::full(Shape{}, 1, graph::bool_)).one(), Array{6.f}));
  EXPECT_TRUE(array_equal(f(graph::full(Shape{}, 0, graph::bool_)).one(), Array{3.f}));
}

}  // namespace
}  // namespace cornu::tests
