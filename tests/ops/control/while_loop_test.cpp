#include "cornu/ops/control/while_loop.h"

#include <gtest/gtest.h>

#include <cmath>

#include "cornu/autodiff/gradients.h"
#include "cornu/graph/function.h"
#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/random.h"
#include "cornu/ops/reduction.h"
#include "tests/support/op_samples.h"
#include "tests/support/special_values.h"

namespace cornu::tests {
namespace {

// x grows by sin(x), times a number from outside, until the sum is large.
Tensors grown(const Tensors& t, std::optional<std::int64_t> most) {
  return ops::while_loop(
      [&](const Tensors& v) { return ops::less(ops::sum(v[0]), t[2]); },
      [&](const Tensors& v) -> Tensors {
        return {v[0] + ops::sin(v[0]) * t[1], v[1] + graph::constant(Array::scalar(std::int64_t{1}))};
      },
      {t[0], graph::constant(Array::scalar(std::int64_t{0}))}, most);
}

Tensors grown_alone(const Tensors& t, std::optional<std::int64_t> most) { return {grown(t, most)[0]}; }

F64s grown_reference(const std::vector<F64>& t, std::optional<std::int64_t> most) {
  F64 x = t[0], count(Shape{});
  for (std::int64_t step = 0; !most || step < *most; ++step) {
    double sum = 0;
    for (double v : x.v) sum += v;
    if (sum >= t[2][0]) break;
    for (std::int64_t i = 0; i < x.size(); ++i) x[i] += std::sin(x[i]) * t[1][i];
    count[0] += 1;
  }
  return {x, count};
}

const bool special = register_without_special_values("while_loop", "runs other ops");

const bool samples = register_samples([] {
  std::vector<OpSample> all;
  for (const std::int64_t most : {-1, 0, 2, 12})
    for (const double limit : {0.5, 4.5}) {
      const auto given = most < 0 ? std::nullopt : std::optional(most);
      if (given)
        all.push_back({.op = "while_loop",
                       .what = graph::message("until ", limit, ", at most ", most, ", differentiated"),
                       .build = [=](const Tensors& t) { return grown_alone(t, given); },
                       .inputs = {numbers({3}, {0.4, 0.5, 0.6}), uniform({3}, 1, 1.2, 2), numbers({}, {limit})},
                       .reference = [=](const std::vector<F64>& t) { return F64s{grown_reference(t, given)[0]}; },
                       .differentiable = {0, 1}});
      all.push_back({.op = "while_loop",
                     .what = graph::message("until ", limit, ", at most ", most),
                     .build = [=](const Tensors& t) { return grown(t, given); },
                     .inputs = {numbers({3}, {0.4, 0.5, 0.6}), uniform({3}, 1, 1.2, 2), numbers({}, {limit})},
                     .reference = [=](const std::vector<F64>& t) { return grown_reference(t, given); },
                     .differentiable = {}});
    }
  return all;
});

Tensor always(const Tensors&) { return graph::constant(graph::full(Shape{}, 1, graph::bool_)); }

const bool errors = register_errors([] {
  const auto same = [](const Tensors& v) { return v; };
  return std::vector<OpError>{
      {"while_loop", "variable 0 is an undefined tensor", [=] { ops::while_loop(always, same, {Tensor()}); }},
      {"while_loop", "maximum_iterations must not be negative, got -3",
       [=] { ops::while_loop(always, same, {input(0, {2})}, -3); }},
      {"while_loop", "cond must give one bool, got float32(2,)",
       [=] { ops::while_loop([](const Tensors& v) { return v[0]; }, same, {input(0, {2})}); }},
      {"while_loop", "cond gives an undefined tensor",
       [=] { ops::while_loop([](const Tensors&) { return Tensor(); }, same, {input(0, {2})}); }},
      {"while_loop", "body must give 1 variables, got 0",
       [=] { ops::while_loop(always, [](const Tensors&) { return Tensors(); }, {input(0, {2})}); }},
      {"while_loop", "body must give variable 0 as it got it, float32(2,), got float32()",
       [=] { ops::while_loop(always, [](const Tensors& v) { return Tensors{ops::sum(v[0])}; }, {input(0, {2})}); }},
      {"while_loop", "body gives an undefined tensor as variable 0",
       [=] { ops::while_loop(always, [](const Tensors&) { return Tensors(1); }, {input(0, {2})}); }},
      {"while_loop", "has a gradient only with maximum_iterations",
       [=] {
         const Tensor x = input(0, {2});
         autodiff::gradients(ops::while_loop(always, same, {x})[0], {x});
       }},
      {"while_loop", "a step makes random_uniform from a state that is the same in each step",
       [=] {
         const Tensor state = input(1, {2}, graph::int64);
         ops::while_loop(always, [&](const Tensors& v) -> Tensors { return {v[0] + ops::random_uniform(state, {2})}; },
                         {input(0, {2})});
       }},
  };
});

TEST(WhileLoop, TakesAsManyStepsAsItNeeds) {
  // Collatz' numbers: how often until 1?
  const graph::Function f([](const Tensor& n) {
    const auto number = [](std::int64_t value) { return graph::constant(Array::scalar(value)); };
    return ops::while_loop([&](const Tensors& v) { return ops::greater(v[0], number(1)); },
                           [&](const Tensors& v) -> Tensors {
                             const Tensor odd = ops::mod(v[0], number(2));
                             const Tensor half = ops::floor_divide(v[0], number(2));
                             return {odd * (v[0] * number(3) + number(1)) + (number(1) - odd) * half, v[1] + number(1)};
                           },
                           {n, number(0)})[1];
  });
  EXPECT_EQ(f(Array::scalar(std::int64_t{27})).one().data<std::int64_t>()[0], 111);
  EXPECT_EQ(f(Array::scalar(std::int64_t{1})).one().data<std::int64_t>()[0], 0);
}

}  // namespace
}  // namespace cornu::tests
