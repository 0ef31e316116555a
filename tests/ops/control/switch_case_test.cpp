#include "cornu/ops/control/switch_case.h"

#include <gtest/gtest.h>

#include <cmath>

#include "cornu/graph/function.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "tests/support/op_samples.h"
#include "tests/support/special_values.h"

namespace cornu::tests {
namespace {

const bool special = register_without_special_values("switch_case", "runs other ops");

Tensors chosen(const Tensors& t) {
  return ops::switch_case(t[0],
                          {[](const Tensors& x) -> Tensors { return {ops::sin(x[0])}; },
                           [&](const Tensors& x) -> Tensors { return {x[0] * x[0] * t[2]}; },
                           [](const Tensors& x) -> Tensors { return {ops::exp(x[0])}; }},
                          {t[1]});
}

const bool samples = register_samples([] {
  std::vector<OpSample> all;
  for (const std::int64_t index : {-1, 0, 1, 2, 7})
    all.push_back({.op = "switch_case",
                   .what = graph::message("function ", index),
                   .build = chosen,
                   .inputs = {numbers({}, {static_cast<double>(index)}, index < 2 ? graph::int32 : graph::int64),
                              uniform({3, 2}), uniform({2}, -1, 1, 2)},
                   .reference =
                       [=](const std::vector<F64>& t) {
                         F64 y(t[1].shape);
                         for (std::int64_t i = 0; i < y.size(); ++i) {
                           const double x = t[1][i];
                           y[i] = index < 1 ? std::sin(x) : index == 1 ? x * x * t[2][i % 2] : std::exp(x);
                         }
                         return y;
                       },
                   .differentiable = {1, 2}});
  return all;
});

const bool errors = register_errors([] {
  const auto with = [](const Tensor& index, std::vector<Tensors> results, const Tensors& operands = {}) {
    std::vector<std::function<Tensors(const Tensors&)>> branches;
    for (const Tensors& each : results) branches.push_back([=](const Tensors&) { return each; });
    ops::switch_case(index, branches, operands);
  };
  return std::vector<OpError>{
      {"switch_case", "index is an undefined tensor", [=] { with(Tensor(), {{}}); }},
      {"switch_case", "index must be int32 or int64, got float32()", [=] { with(input(0, {}), {{}}); }},
      {"switch_case", "index must have one element, got shape (2,)", [=] { with(input(0, {2}, graph::int64), {{}}); }},
      {"switch_case", "expected at least one function", [=] { with(input(0, {}, graph::int64), {}); }},
      {"switch_case", "input 0 is an undefined tensor", [=] { with(input(0, {}, graph::int64), {{}}, {Tensor()}); }},
      {"switch_case", "function 0 gives 0 tensors, function 1 gives 1",
       [=] {
         with(input(0, {}, graph::int64), {{}, {input(1, {2})}});
       }},
      {"switch_case", "output 0 is float32(2,) of function 0, float32(3,) of function 1",
       [=] {
         with(input(0, {}, graph::int64), {{input(1, {2})}, {input(1, {3})}});
       }},
      {"switch_case", "output 0 of function 0 is an undefined tensor",
       [=] { with(input(0, {}, graph::int64), {{Tensor()}}); }},
  };
});

}  // namespace
}  // namespace cornu::tests
