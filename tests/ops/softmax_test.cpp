#include "cornu/ops/softmax.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/op_samples.h"
#include "tests/support/special_values.h"

namespace cornu::tests {
namespace {

F64 log_softmax(const F64& x, int axis) {
  const auto add = [](double a, double b) { return a + b; };
  const auto subtract = [](double a, double b) { return a - b; };
  const F64 shifted =
      zip(x, fold(x, {axis}, true, -INFINITY, [](double a, double b) { return std::max(a, b); }), subtract);
  const F64 total = fold(map(shifted, [](double v) { return std::exp(v); }), {axis}, true, 0, add);
  return zip(shifted, map(total, [](double v) { return std::log(v); }), subtract);
}

std::vector<OpSample> both(const Array& x, int axis, bool differentiable) {
  const std::string what = graph::message(x.shape(), " over ", axis);
  const std::vector<int> by = differentiable ? std::vector<int>{0} : std::vector<int>{};
  return {{.op = "softmax",
           .what = what,
           .build = [=](const Tensors& in) { return ops::softmax(in[0], axis); },
           .inputs = {x},
           .reference =
               [=](const std::vector<F64>& in) {
                 return map(log_softmax(in[0], axis), [](double v) { return std::exp(v); });
               },
           .differentiable = by},
          {.op = "log_softmax",
           .what = what,
           .build = [=](const Tensors& in) { return ops::log_softmax(in[0], axis); },
           .inputs = {x},
           .reference = [=](const std::vector<F64>& in) { return log_softmax(in[0], axis); },
           .differentiable = by}};
}

const bool special =
    register_special_functions({of_one("softmax", [](const Tensor& x) { return ops::softmax(x); }),
                                of_one("log_softmax", [](const Tensor& x) { return ops::log_softmax(x); })});

const bool samples = register_samples([] {
  std::vector<OpSample> all;
  const auto put = [&](const Array& x, int axis, bool differentiable) {
    for (OpSample& s : both(x, axis, differentiable)) all.push_back(std::move(s));
  };
  for (int axis : {0, 1, 2, -1}) put(uniform({2, 3, 4}), axis, true);
  put(uniform({5}), 0, true);
  put(uniform({3, 1}), 1, true);
  put(uniform({500, 100}, -8, 8), 1, false);
  put(uniform({100, 500}, -8, 8), 0, false);
  put(uniform({3, 70, 200}, -50, 50), 1, false);
  put(uniform({2, 50000, 3}, -8, 8), 1, false);
  put(uniform({1, 100000}, -8, 8), -1, false);
  put(numbers({2, 3}, {1e4, 0, -1e4, -1e38, 1e38, 0}), 1, false);
  put(numbers({2, 3}, {-INFINITY, 0, 1, 2, 3, -INFINITY}), 1, false);
  put(numbers({2, 2}, {-INFINITY, 0, 1, 2}), 0, false);
  put(numbers({1, 3}, {40, 0, -5}), 1, false);  // so sure that the logarithm is all but 0
  put(Array(Shape{0, 3}), 1, false);
  put(Array(Shape{2, 0}), 1, false);
  return all;
});

const bool errors = register_errors([] {
  return std::vector<OpError>{
      {"softmax", "axis 2 is out of bounds for shape (3, 4)",
       [] {
         ops::softmax(input(0, {3, 4}), 2);
       }},
      {"log_softmax", "axis -3 is out of bounds for shape (3, 4)",
       [] {
         ops::log_softmax(input(0, {3, 4}), -3);
       }},
      {"softmax", "axis -1 is out of bounds for shape ()", [] { ops::softmax(input(0, {})); }},
      {"softmax", "expected a float32 or bfloat16 tensor, got int32",
       [] { ops::softmax(input(0, {3}, graph::int32)); }},
  };
});

}  // namespace
}  // namespace cornu::tests
