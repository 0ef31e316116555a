#include "cornu/graph/passes/internal/common_subexpressions.h"

#include <gtest/gtest.h>

#include <limits>

#include "cornu/graph/passes/pass.h"
#include "cornu/graph/print.h"
#include "tests/graph/toy_ops.h"

namespace cornu::graph::passes {
namespace {

using toy::axpy;
using toy::reverse;

struct Described : Op {
  Specs infer(const Specs& in) const override { return {in[0]}; }
  Tensors gradient(const Backward& b) const override { return no_gradient(b); }
  Kernel plan(const PlanRequest&) const override { throw Error("not run"); }
};
struct Meet final : Described {
  std::string_view name() const override { return "toy_meet"; }
  Traits traits() const override { return {.commutative = true}; }
};
struct Draw final : Described {
  std::string_view name() const override { return "toy_draw"; }
  Traits traits() const override { return {.stateful = true}; }
};
struct Both final : Described {
  std::string_view name() const override { return "toy_both"; }
  Specs infer(const Specs& in) const override { return {in[0], in[0]}; }
};
struct Optional final : Described {  // shows a field only if it is set
  bool first = false, second = false;
  std::string_view name() const override { return "toy_optional"; }
  void fields(FieldVisitor& f) const override {
    if (first) f("first", true);
    if (second) f("second", true);
  }
};
template <class T>
Tensor use(const Tensors& inputs) {
  return apply1(std::make_shared<T>(), inputs);
}

const Tensor kX = parameter(0, {float32, {2}}), kY = parameter(1, {float32, {2}});

std::size_t merged(const Outputs& outputs) { return reachable(merge_common_subexpressions(outputs)).size(); }

TEST(CommonSubexpressions, GraphBeforeAndAfter) {
  const Variable w(Array{1.f, 2.f}, "w");
  const Tensor first = axpy(2, kX, w), second = axpy(2, kX, w);
  const Outputs before{axpy(1, first, second)};
  EXPECT_EQ(to_string(before),
            "parameters\n  %0 : float32(2,)\nvariables\n  %w0:\"w\" : float32(2,)\nnodes\n"
            "  %1 = toy_axpy(%0, %w0:\"w\", scale=2) : float32(2,)\n"
            "  %2 = toy_axpy(%0, %w0:\"w\", scale=2) : float32(2,)\n"
            "  %3 = toy_axpy(%1, %2, scale=1) : float32(2,)\noutputs\n  %3\n");
  EXPECT_EQ(to_string(merge_common_subexpressions(before)),
            "parameters\n  %0 : float32(2,)\nvariables\n  %w0:\"w\" : float32(2,)\nnodes\n"
            "  %1 = toy_axpy(%0, %w0:\"w\", scale=2) : float32(2,)\n"
            "  %2 = toy_axpy(%1, %1, scale=1) : float32(2,)\noutputs\n  %2\n");
}

TEST(CommonSubexpressions, DifferentFieldsAndInputsStayApart) {
  EXPECT_EQ(merged({axpy(1, kX, kY), axpy(2, kX, kY)}), 4u);
  EXPECT_EQ(merged({axpy(1, kX, kY), axpy(1, kY, kX)}), 4u);
  EXPECT_EQ(merged({axpy(0.0, kX, kY), axpy(-0.0, kX, kY)}), 4u);
  auto first = std::make_shared<Optional>(), second = std::make_shared<Optional>();
  first->first = second->second = true;
  EXPECT_EQ(merged({apply1(first, {kX}), apply1(second, {kX})}), 3u);
}

TEST(CommonSubexpressions, ACommutativeOpTakesItsInputsInAnyOrder) {
  EXPECT_EQ(merged({use<Meet>({kX, kY}), use<Meet>({kY, kX})}), 3u);
  const Tensors both = apply(std::make_shared<Both>(), {kX});
  EXPECT_EQ(merged({use<Meet>({both[0], both[1]}), use<Meet>({both[1], both[0]})}), 3u);
  EXPECT_EQ(merged({use<Meet>({both[0], both[1]}), use<Meet>({both[0], both[0]})}), 4u);
}

TEST(CommonSubexpressions, StatefulOpsStayApart) { EXPECT_EQ(merged({use<Draw>({kX}), use<Draw>({kX})}), 3u); }

TEST(CommonSubexpressions, ConstantsAreEqualIfTheirBitsAre) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(merged({constant(Array{nan, 1.f}), constant(Array{nan, 1.f})}), 1u);
  EXPECT_EQ(merged({constant(Array{0.f}), constant(Array{-0.f})}), 2u);
  EXPECT_EQ(merged({constant(Array{0.f}), constant(Array{0})}), 2u);
  EXPECT_EQ(merged({constant(Array{1.f, 1.f}), constant(Array{{1.f, 1.f}})}), 2u);
  const Array large = zeros({1000});
  EXPECT_EQ(merged({constant(large), constant(large)}), 1u);
}

TEST(CommonSubexpressions, VariablesAreThemselvesNotTheirNames) {
  const Variable a(Array{1.f, 2.f}, "w"), b(Array{1.f, 2.f}, "w");
  EXPECT_EQ(merged({Tensor(a), Tensor(b)}), 2u);
  EXPECT_EQ(merged({Tensor(a), Tensor(a)}), 1u);
}

TEST(CommonSubexpressions, AllOutputsOfANodeAreShared) {
  const Tensors first = apply(std::make_shared<Both>(), {kX}), second = apply(std::make_shared<Both>(), {kX});
  const Outputs after = merge_common_subexpressions({first[1], second[1], second[0]});
  EXPECT_TRUE(after.tensors()[0].same(after.tensors()[1]));
  EXPECT_EQ(after.tensors()[2].index(), 0);
  EXPECT_EQ(reachable(after).size(), 2u);
}

TEST(CommonSubexpressions, NothingToDoGivesTheSameNodes) {
  const Outputs before{axpy(1, kX, reverse(kY))};
  EXPECT_TRUE(merge_common_subexpressions(before).tensors()[0].same(before.tensors()[0]));
}

}  // namespace
}  // namespace cornu::graph::passes
