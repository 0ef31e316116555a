#include "cornu/autodiff/gradient_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <sstream>

#include "cornu/graph/array/random.h"
#include "cornu/graph/op.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/matmul.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/gather.h"
#include "cornu/ops/reduction.h"
#include "cornu/ops/softmax.h"
#include "tests/autodiff/text_of.h"

namespace cornu::autodiff {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using tests::text_of;

struct GradientCheck : testing::Test {
  random::Generator rng{3};
};

// factor x^power: an op of the user's, whose first or second gradient can be wrong by a factor.
struct Monomial final : graph::Op {
  double factor = 1, first = 1, second = 1;
  int power = 3;
  std::string_view name() const override { return "monomial"; }
  void fields(graph::FieldVisitor& f) const override {
    f("factor", factor), f("first", first), f("second", second), f("power", power);
  }
  Specs infer(const Specs& in) const override { return {in[0]}; }
  Tensors gradient(const Backward& b) const override {
    auto op = std::make_shared<Monomial>();
    op->factor = factor * power * first, op->power = power - 1, op->first = second;
    return {b.dy() * apply1(op, {b.x()})};
  }
  Kernel plan(const PlanRequest& r) const override {
    return Kernel::native([n = r.in[0].shape.elements(), factor = factor, power = power](const graph::Call& c) {
      for (std::int64_t i = 0; i < n; ++i)
        c.out<float>()[i] = static_cast<float>(factor * std::pow(c.in<float>()[i], power));
    });
  }
};

auto monomial(double first, double second = 1) {
  auto op = std::make_shared<Monomial>();
  op->first = first, op->second = second;
  return [op](const Tensor& x) { return apply1(op, {x}); };
}

TEST_F(GradientCheck, PassesRightGradientsOfBothOrders) {
  const auto check = [](const char* what, auto f, const std::vector<Array>& inputs) {
    for (const std::int64_t full : {4096, 0}) {  // the whole Jacobian, then one random direction
      const GradientReport report = gradient_check(f, inputs, {.order = 2, .full = full});
      EXPECT_TRUE(report) << what << ' ' << report;
      EXPECT_LT(report.bound, 0.02) << what << ' ' << report;
    }
  };
  const Array x = rng.uniform({3, 4}, -1, 1), w = rng.uniform({4, 2}, -1, 1);
  check("tanh", [](const Tensor& x) { return ops::tanh(x); }, {x});
  check("softmax", [](const Tensor& x) { return ops::softmax(x); }, {x});
  check("x^3", monomial(1), {x});
  check("matmul", [](const Tensor& x, const Tensor& w) { return ops::matmul(x, w); }, {x, w});
  check("network", [](const Tensor& x, const Tensor& w) { return ops::sum(ops::sigmoid(ops::matmul(x, w)), 0); },
        {x, w});
  check("several", [](const Tensor& x) { return Outputs{x * x, ops::exp(x)}; }, {x});
  check("large numbers", [](const Tensor& x) { return x * x; }, {x * 10});
}

TEST_F(GradientCheck, CatchesAWrongGradient) {
  const Array x = rng.uniform({5}, 0.5, 1);
  for (const double wrong : {-1.0, 0.0, 2.0, 0.5, 1.01, 0.99}) {
    EXPECT_FALSE(gradient_check(monomial(wrong), {x})) << wrong;
    EXPECT_FALSE(gradient_check(monomial(wrong), {x}, {.full = 0})) << wrong;
  }
}

TEST_F(GradientCheck, SecondOrderCatchesAWrongGradientOfTheGradient) {
  const Array x = rng.uniform({5}, 0.5, 1);
  EXPECT_TRUE(gradient_check(monomial(1, 1.01), {x}));
  const GradientReport report = gradient_check(monomial(1, 1.01), {x}, {.order = 2});
  EXPECT_FALSE(report);
  EXPECT_THAT(report.where, AllOf(HasSubstr("d gradient by input 0 ["), HasSubstr("/ d input 0 [")));
  EXPECT_FALSE(gradient_check(monomial(1, 1.1), {x}, {.order = 2, .full = 0}));
}

TEST_F(GradientCheck, CatchesTheForgottenGradientOfOneInput) {
  const auto f = [](const Tensor& x, const Tensor& y) { return x * ops::stop_gradient(y); };
  const std::vector<Array> inputs{Array{1.f, 2.f}, Array{3.f, 4.f}};
  EXPECT_FALSE(gradient_check(f, inputs));
  EXPECT_TRUE(gradient_check(f, inputs, {.wrt = {0}}));
  EXPECT_FALSE(gradient_check(f, inputs, {.wrt = {1}}));
}

TEST_F(GradientCheck, TellsWhereAndHowMuch) {
  const auto f = [](const Tensor& a, const Tensor& x) { return ops::sum(a * x * ops::stop_gradient(x), 1); };
  const Array a{{0.f, 0.f, 0.f}, {0.f, 0.f, 3.f}}, x{{1.f, 1.f, 1.f}, {1.f, 1.f, 2.f}};
  const GradientReport report = gradient_check(f, {a, x}, {.wrt = {1}});
  EXPECT_FALSE(report);
  EXPECT_THAT(report.where, HasSubstr("d output 0 [1] / d input 1 [1, 2]: autodiff 6, differences 12"));
  EXPECT_NEAR(report.max_error, 6, 0.01);
  EXPECT_LT(report.bound, 0.01);
  std::ostringstream text;
  text << report;
  EXPECT_THAT(text.str(), AllOf(HasSubstr("failed: error "), HasSubstr(", bound "), HasSubstr(" at d output 0 [1]")));
}

TEST_F(GradientCheck, OfAScalarNamesNoIndex) {
  const GradientReport report = gradient_check([](const Tensor& x) { return x * x; }, {Array::scalar(2.f)});
  EXPECT_TRUE(report) << report;
  EXPECT_THAT(report.where, HasSubstr("d output 0 / d input 0: autodiff 4"));
}

TEST_F(GradientCheck, FailsAtAKink) {
  const auto f = [](const Tensor& x) { return ops::relu(x); };
  EXPECT_FALSE(gradient_check(f, {Array{1.f, 0.f}}));
  EXPECT_FALSE(gradient_check(f, {Array{1.f, 0.0005f}}));
  EXPECT_TRUE(gradient_check(f, {Array{1.f, 0.01f, -0.01f, 0.1f}}));
}

// At twice the step these functions are far from any polynomial: the step must have been made smaller.
TEST_F(GradientCheck, MakesTheStepSmallerWhereAFunctionChangesFast) {
  const auto normalize = [](const Tensor& x) {
    const Tensor d = x - ops::mean(x, -1, ops::keepdims);
    return d / ops::sqrt(ops::mean(d * d, -1, ops::keepdims) + 0.001f);
  };
  for (int i = 0; i < 5; ++i) {
    const GradientReport report = gradient_check(normalize, {rng.uniform({2, 5}, -0.1, 0.1)}, {.order = 2});
    EXPECT_TRUE(report) << report;
  }
  const GradientReport report =
      gradient_check([](const Tensor& x) { return ops::log(x); }, {Array{0.05f, 1.f}}, {.order = 2});
  EXPECT_TRUE(report) << report;
}

TEST_F(GradientCheck, FailsWhereThereIsNoNumber) {
  EXPECT_FALSE(gradient_check([](const Tensor& x) { return ops::log(x); }, {Array{-1.f}}));
  EXPECT_FALSE(gradient_check([](const Tensor& x) { return ops::log(x); }, {Array{-1.f}}, {.full = 0}));
  EXPECT_FALSE(gradient_check([](const Tensor& x) { return ops::exp(x); }, {Array{100.f}}));
}

TEST_F(GradientCheck, LeavesIntegersOut) {
  const auto f = [](const Tensor& table, const Tensor& rows) {
    return Outputs{ops::take(table, rows), ops::cast(table, int32)};
  };
  const GradientReport report = gradient_check(f, {rng.normal({4, 2}), Array{3, 0, 3}}, {.order = 2});
  EXPECT_TRUE(report) << report;
}

TEST_F(GradientCheck, TakesAFunctionAndLeavesTheInputsAlone) {
  const Function f([](const Tensor& x) { return x * x; });
  const Array x{1.f, 2.f};
  EXPECT_TRUE(gradient_check(f, {x}));
  EXPECT_TRUE(array_equal(x, Array{1.f, 2.f}));
}

TEST_F(GradientCheck, RefusesWhatItCannotCheck) {
  const auto f = [](const Tensor& x) { return ops::cast(x, float32); };
  EXPECT_EQ(text_of<ValueError>([&] {
              gradient_check(f, {Array{1, 2}});
            }),
            "gradient_check: no input is float32: nothing to differentiate by");
  EXPECT_EQ(text_of<ValueError>([&] { gradient_check(f, {Array{1.f}}, {.wrt = {1}}); }),
            "gradient_check: no input 1, there are 1");
  EXPECT_EQ(text_of<TypeError>([&] { gradient_check(f, {Array{1}}, {.wrt = {0}}); }),
            "gradient_check: works in float32, input 0 is int32(1,)");
  EXPECT_EQ(
      text_of<ValueError>([&] { gradient_check([](const Tensor& x) { return ops::cast(x, int32); }, {Array{1.f}}); }),
      "gradient_check: the function has no floating output");
  EXPECT_EQ(text_of<ValueError>([&] { gradient_check(f, {Array{1.f}}, {.order = 3}); }),
            "gradient_check: order must be 1 or 2, got 3");
  EXPECT_EQ(text_of<ValueError>([&] { gradient_check(f, {Array{1.f}}, {.step = 0}); }),
            "gradient_check: step must lie between 0 and 1, got 0");
  EXPECT_EQ(text_of<ValueError>([&] { gradient_check(f, {Array{1.f}}, {.roundings = 0}); }),
            "gradient_check: roundings must be positive, got 0");
}

}  // namespace
}  // namespace cornu::autodiff
