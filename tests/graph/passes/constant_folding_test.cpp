#include "cornu/graph/passes/internal/constant_folding.h"

#include <gtest/gtest.h>

#include "cornu/graph/passes/pass.h"
#include "cornu/graph/print.h"
#include "tests/graph/toy_ops.h"

namespace cornu::graph::passes {
namespace {

using toy::axpy;
using toy::reverse;
using toy::view;

const Tensor kX = parameter(0, {float32, {2}});

// One number, many times.
struct Repeat final : Op {
  std::int64_t times = 1;
  std::string_view name() const override { return "toy_repeat"; }
  void fields(FieldVisitor& f) const override { f("times", times); }
  Specs infer(const Specs& in) const override { return {{in[0].dtype, {times}}}; }
  Tensors gradient(const Backward& b) const override { return no_gradient(b); }
  Kernel plan(const PlanRequest&) const override {
    return Kernel::native([n = times](const Call& c) {
      for (std::int64_t i = 0; i < n; ++i) c.out<float>()[i] = c.in<float>()[0];
    });
  }
};
Tensor repeat(const Tensor& x, std::int64_t times) {
  auto op = std::make_shared<Repeat>();
  op->times = times;
  return apply1(std::move(op), {x});
}

struct Draw final : Op {
  std::string_view name() const override { return "toy_draw"; }
  Specs infer(const Specs& in) const override { return {in[0]}; }
  Tensors gradient(const Backward& b) const override { return no_gradient(b); }
  Kernel plan(const PlanRequest&) const override { throw Error("not to be run"); }
  Traits traits() const override { return {.stateful = true}; }
};

bool is_folded(const Tensor& tensor) { return as<Constant>(fold_constants(tensor).tensors()[0]) != nullptr; }

TEST(ConstantFolding, GraphBeforeAndAfter) {
  const Tensor a = constant(Array{1.f, 2.f}), b = constant(Array{10.f, 20.f});
  const Outputs before{axpy(1, kX, reverse(axpy(2, a, b)))};
  EXPECT_EQ(to_string(before),
            "parameters\n  %0 : float32(2,)\nconstants\n  %c0 = [1. 2.] : float32(2,)\n  %c1 = [10. 20.] : "
            "float32(2,)\nnodes\n"
            "  %1 = toy_axpy(%c0, %c1, scale=2) : float32(2,)\n"
            "  %2 = toy_reverse(%1) : float32(2,)\n"
            "  %3 = toy_axpy(%0, %2, scale=1) : float32(2,)\noutputs\n  %3\n");
  EXPECT_EQ(to_string(fold_constants(before)),
            "parameters\n  %0 : float32(2,)\nconstants\n  %c0 = [24. 12.] : float32(2,)\nnodes\n"
            "  %1 = toy_axpy(%0, %c0, scale=1) : float32(2,)\noutputs\n  %1\n");
}

TEST(ConstantFolding, OutputsAndUpdatesMayBecomeConstantsAndViewsDo) {
  const Variable w(Array{{0.f, 0.f}}, "w");
  const Tensor a = constant(Array{1.f, 2.f});
  const Outputs after = fold_constants(Outputs{reverse(a), a}.update(w, view(a, {1, 2})));
  EXPECT_TRUE(array_equal(as<Constant>(after.tensors()[0])->value, Array{2.f, 1.f}));
  EXPECT_TRUE(after.tensors()[1].same(a));
  EXPECT_TRUE(array_equal(as<Constant>(after.updates()[0].second)->value, Array{{1.f, 2.f}}));
}

TEST(ConstantFolding, ArgumentsAndVariablesAreNotConstant) {
  const Variable w(Array{1.f, 2.f}, "w");
  EXPECT_FALSE(is_folded(reverse(w)));
  EXPECT_FALSE(is_folded(reverse(kX)));
  EXPECT_FALSE(is_folded(axpy(1, constant(Array{1.f, 2.f}), w)));
}

TEST(ConstantFolding, StatefulOpsRunEveryTime) {
  EXPECT_FALSE(is_folded(apply1(std::make_shared<Draw>(), {constant(Array{1.f})})));
}

TEST(ConstantFolding, LargeResultsAndBroadcastsAreComputedWhereTheyAreNeeded) {
  const Tensor one = constant(Array{1.f});
  EXPECT_TRUE(is_folded(repeat(one, 2)));
  EXPECT_FALSE(is_folded(repeat(one, 3)));
  EXPECT_FALSE(is_folded(axpy(1, repeat(one, 3), repeat(one, 3))));
  EXPECT_TRUE(is_folded(reverse(constant(zeros({1 << 18})))));
  EXPECT_FALSE(is_folded(reverse(constant(zeros({(1 << 18) + 1})))));
}

TEST(ConstantFolding, WhatIsNotFoldedStaysBehindWhatIs) {
  const Tensor one = constant(Array{1.f}), two = axpy(1, one, one);
  EXPECT_EQ(to_string(fold_constants(repeat(two, 100))),
            "nodes\n  %0 = toy_repeat([2.], times=100) : float32(100,)\noutputs\n  %0\n");
}

}  // namespace
}  // namespace cornu::graph::passes
