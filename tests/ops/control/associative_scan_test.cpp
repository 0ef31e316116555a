#include "cornu/ops/control/associative_scan.h"

#include <gtest/gtest.h>

#include "cornu/autodiff/gradient_check.h"
#include "cornu/graph/function.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/cumulative.h"
#include "cornu/ops/reduction.h"
#include "tests/support/float64.h"
#include "tests/support/op_samples.h"

namespace cornu::tests {
namespace {

Tensors add(const Tensors& a, const Tensors& b) { return {a[0] + b[0]}; }

TEST(AssociativeScan, SumsUp) {
  for (const std::int64_t n : {0, 1, 2, 3, 4, 5, 8, 13, 16, 31})
    for (const int axis : {0, 1, -1})
      for (const bool reverse : {false, true}) {
        Shape shape{3, 3};
        shape[axis < 0 ? axis + 2 : axis] = n;
        const graph::Function f([&](const Tensor& x) {
          return graph::Outputs{ops::associative_scan(add, {x}, {.reverse = reverse, .axis = axis})[0],
                                ops::cumsum(x, axis, {.reverse = reverse})};
        });
        const auto y = f(uniform(shape));
        EXPECT_TRUE(allclose(y[0], y[1], 1e-5, 1e-5)) << shape << " along " << axis;
      }
}

// y_t = a_t y_(t-1) + b_t, by pairs of a factor and a summand; the order matters.
TEST(AssociativeScan, OfSeveralTensorsInTheirOrder) {
  const auto combine = [](const Tensors& first, const Tensors& second) -> Tensors {
    return {first[0] * second[0], first[1] * second[0] + second[1]};
  };
  const graph::Function f([&](const Tensor& a, const Tensor& b) {
    return graph::Outputs{ops::associative_scan(combine, {a, b})[1], ops::linear_recurrence(a, b, 0)};
  });
  const auto y = f(uniform({11, 2}, 0.5, 1), uniform({11, 2}, -1, 1, 2));
  EXPECT_TRUE(allclose(y[0], y[1], 1e-5, 1e-5));
}

TEST(AssociativeScan, HasAGradient) {
  const auto report = autodiff::gradient_check(
      [](const Tensor& x) {
        const Tensor y =
            ops::associative_scan([](const Tensors& a, const Tensors& b) -> Tensors { return {a[0] * b[0]}; }, {x})[0];
        return ops::sum(y * y);
      },
      {uniform({5}, 0.5, 1.5)}, {.order = 2});
  EXPECT_TRUE(report.passed) << report;
}

const bool errors = register_errors([] {
  return std::vector<OpError>{
      {"associative_scan", "expected at least one element", [] { ops::associative_scan(add, {}); }},
      {"associative_scan", "element 0 is an undefined tensor", [] { ops::associative_scan(add, {Tensor()}); }},
      {"associative_scan", "axis 1 is out of bounds for shape (3,)",
       [] { ops::associative_scan(add, {input(0, {3})}, {.axis = 1}); }},
      {"associative_scan", "element 1 has length 4 along axis 0, expected 3",
       [] {
         ops::associative_scan(add, {input(0, {3}), input(1, {4})});
       }},
      {"associative_scan", "f must give 1 tensors, got 0",
       [] { ops::associative_scan([](const Tensors&, const Tensors&) { return Tensors(); }, {input(0, {3})}); }},
      {"associative_scan", "f must give element 0 as it got it, float32(1,), got float32()",
       [] {
         ops::associative_scan([](const Tensors& a, const Tensors&) { return Tensors{ops::sum(a[0])}; },
                               {input(0, {3})});
       }},
  };
});

}  // namespace
}  // namespace cornu::tests
