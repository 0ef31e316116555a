#include "cornu/ops/composite/tensordot.h"

#include <numeric>

#include "tests/support/op_samples.h"

namespace cornu::tests {
namespace {

using Index = std::vector<std::int64_t>;

// Sums along pairs of axes, counted from the front.
F64 summed(const F64& a, const F64& b, const std::vector<int>& axes_a, const std::vector<int>& axes_b) {
  const auto others = [](const Shape& shape, const std::vector<int>& axes) {
    std::vector<int> rest;
    for (int axis = 0; axis < shape.rank(); ++axis)
      if (std::find(axes.begin(), axes.end(), axis) == axes.end()) rest.push_back(axis);
    return rest;
  };
  const auto rest_a = others(a.shape, axes_a), rest_b = others(b.shape, axes_b);
  Index kept, gone;
  for (const int axis : rest_a) kept.push_back(a.shape[axis]);
  for (const int axis : rest_b) kept.push_back(b.shape[axis]);
  for (const int axis : axes_a) gone.push_back(a.shape[axis]);
  F64 y{Shape(kept)};
  for_each_index(y.shape, [&](auto i) {
    for_each_index(Shape(gone), [&](auto k) {
      Index at_a(a.shape.size()), at_b(b.shape.size());
      for (std::size_t n = 0; n < rest_a.size(); ++n) at_a[static_cast<std::size_t>(rest_a[n])] = i[n];
      for (std::size_t n = 0; n < rest_b.size(); ++n) at_b[static_cast<std::size_t>(rest_b[n])] = i[rest_a.size() + n];
      for (std::size_t n = 0; n < axes_a.size(); ++n) {
        at_a[static_cast<std::size_t>(axes_a[n])] = k[n];
        at_b[static_cast<std::size_t>(axes_b[n])] = k[n];
      }
      y.at(i) += a.at(at_a) * b.at(at_b);
    });
  });
  return y;
}

using Function = std::function<Tensor(const Tensor&, const Tensor&)>;

OpSample sample(const char* op, const char* what, const Shape& a, const Shape& b, Function f,
                const std::vector<int>& axes_a, const std::vector<int>& axes_b) {
  return {.op = op,
          .what = graph::message(what, " of ", a, " and ", b),
          .build = [f = std::move(f)](const Tensors& t) { return f(t[0], t[1]); },
          .inputs = {uniform(a, -1, 1, 2), uniform(b, -1, 1, 3)},
          .reference = [=](const std::vector<F64>& t) { return summed(t[0], t[1], axes_a, axes_b); },
          .differentiable = {0, 1}};
}

const bool samples = register_samples([] {
  const Function two = [](const Tensor& a, const Tensor& b) { return ops::tensordot(a, b); };
  const Function none = [](const Tensor& a, const Tensor& b) { return ops::tensordot(a, b, 0); };
  const Function pairs = [](const Tensor& a, const Tensor& b) { return ops::tensordot(a, b, {0, -1}, {1, 0}); };
  const Function one = [](const Tensor& a, const Tensor& b) { return ops::tensordot(a, b, {1}, {0}); };
  std::vector<OpSample> all{
      sample("matmul", "tensordot", {2, 3, 4}, {3, 4, 2}, two, {1, 2}, {0, 1}),
      sample("sum", "tensordot", {3, 4}, {3, 4}, two, {0, 1}, {0, 1}),
      sample("multiply", "tensordot along none", {2, 3}, {2}, none, {}, {}),
      sample("matmul", "tensordot along pairs", {2, 3, 4}, {4, 2, 3}, pairs, {0, 2}, {1, 0}),
      sample("matmul", "tensordot along one pair", {2, 3, 2}, {3, 4}, one, {1}, {0}),
      sample("matmul", "tensordot along nothing", {2, 0}, {0, 3}, one, {1}, {0}),
      sample("sum", "dot", {3}, {3}, ops::dot, {0}, {0}),
      sample("matmul", "dot", {2, 3}, {3, 4}, ops::dot, {1}, {0}),
      sample("matmul", "dot", {2, 2, 3}, {3}, ops::dot, {2}, {0}),
      sample("matmul", "dot", {3}, {3, 2}, ops::dot, {0}, {0}),
      sample("matmul", "dot", {2, 3}, {2, 3, 4}, ops::dot, {1}, {1}),
      sample("multiply", "dot", {}, {2, 3}, ops::dot, {}, {}),
      sample("multiply", "dot", {3}, {}, ops::dot, {}, {}),
      sample("sum", "inner", {3}, {3}, ops::inner, {0}, {0}),
      sample("matmul", "inner", {2, 3}, {4, 3}, ops::inner, {1}, {1}),
      sample("multiply", "inner", {2, 3}, {}, ops::inner, {}, {}),
      sample("multiply", "outer", {2}, {3}, ops::outer, {}, {}),
      sample("sum", "vdot", {4}, {4}, ops::vdot, {0}, {0}),
  };
  OpSample flat = sample("multiply", "outer", {2, 2}, {3}, ops::outer, {}, {});
  flat.reference = [](const std::vector<F64>& t) { return summed(F64(Shape{4}, t[0].v), t[1], {}, {}); };
  all.push_back(flat);
  flat = sample("sum", "vdot", {2, 3}, {3, 2}, ops::vdot, {}, {});
  flat.inputs = {uniform({2, 3}, 0, 1, 2), uniform({3, 2}, 0, 1, 3)};  // whose products do not cancel
  flat.reference = [](const std::vector<F64>& t) {
    return summed(F64(Shape{6}, t[0].v), F64(Shape{6}, t[1].v), {0}, {0});
  };
  all.push_back(flat);
  all.push_back({.op = "multiply",
                 .what = "outer of integers",
                 .build = [](const Tensors& t) { return ops::outer(t[0], t[1]); },
                 .inputs = {numbers({2}, {1, 2}, graph::int32), numbers({1}, {3}, graph::int32)},
                 .reference = [](const std::vector<F64>& t) { return summed(t[0], t[1], {}, {}); }});
  return all;
});

const bool errors = register_errors([] {
  const Tensor x = input(0, {2, 3}), y = input(1, {2, 3, 4}), v = input(2, {4}), deep = input(3, {1, 1, 1, 1, 1});
  return std::vector<OpError>{
      {"tensordot", "axis 0 of shape (2, 3) and axis 0 of shape (4,) differ in length",
       [=] { ops::tensordot(x, v, {0}, {0}); }},
      {"tensordot", "cannot sum along 2 axes of shapes (2, 3) and (4,)", [=] { ops::tensordot(x, v); }},
      {"tensordot", "cannot sum along -1 axes", [=] { ops::tensordot(x, y, -1); }},
      {"tensordot", "expected as many axes of one tensor as of the other, got 2 and 1",
       [=] {
         ops::tensordot(x, y, {0, 1}, {0});
       }},
      {"tensordot", "an axis is named twice",
       [=] {
         ops::tensordot(x, x, {0, 0}, {0, 0});
       }},
      {"tensordot", "axis 2 is out of bounds for shape (2, 3)", [=] { ops::tensordot(x, y, {2}, {0}); }},
      {"tensordot", "the product of shapes (1, 1, 1, 1, 1) and (1, 1, 1, 1, 1) has 10 axes, at most 8 are supported",
       [=] { ops::tensordot(deep, deep, 0); }},
      {"dot", "axis 1 of shape (2, 3) and axis 0 of shape (4,) differ in length", [=] { ops::dot(x, v); }},
      {"inner", "axis 1 of shape (2, 3) and axis 2 of shape (2, 3, 4) differ in length", [=] { ops::inner(x, y); }},
      {"vdot", "axis 0 of shape (6,) and axis 0 of shape (4,) differ in length", [=] { ops::vdot(x, v); }},
  };
});

}  // namespace
}  // namespace cornu::tests
