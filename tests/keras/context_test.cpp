#include "cornu/keras/context.h"

#include <gtest/gtest.h>

#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/cast.h"

namespace cornu::keras {
namespace {

TEST(ContextTest, TheLatestUpdateOfAVariableCounts) {
  const Variable v(graph::zeros({2}), "v");
  Context ctx(true);
  EXPECT_TRUE(ctx.training());
  EXPECT_NE(graph::as<graph::ReadVariable>(ctx.value(v)), nullptr);
  const Tensor first = ctx.value(v) + 1;
  ctx.update(v, first);
  EXPECT_TRUE(ctx.value(v).node().inputs().at(0).same(first)) << "a constant to gradients";
  const Tensor second = ctx.value(v) + 1;
  ctx.update(v, second);
  ASSERT_EQ(ctx.updates().size(), 1u);
  EXPECT_TRUE(ctx.updates()[0].second.same(second));
}

TEST(ContextTest, GradientsFlowThroughWhatIsAssigned) {
  const Variable v(graph::zeros({2}), "v");
  Context ctx(true);
  const Tensor read = v, value = read * 2;
  ctx.assign(v, value);
  EXPECT_TRUE(ctx.latest(read).same(value));
  EXPECT_TRUE(ops::stops_gradient(ctx.value(v))) << "what the next use starts from is a constant";
  EXPECT_TRUE(ctx.latest(read).same(value)) << "after that, too";
  ctx.assign(v, ctx.value(v) * 3);
  ASSERT_EQ(ctx.assigned().size(), 2u);
  EXPECT_TRUE(ctx.latest(read).same(ctx.assigned()[1].second));
  const Tensor updated = ctx.value(v) + 1;
  ctx.update(v, updated);
  EXPECT_TRUE(ops::stops_gradient(ctx.latest(read))) << "an update is a constant";
  ASSERT_EQ(ctx.updates().size(), 1u);
}

TEST(ContextTest, AnUpdateMustFitTheVariable) {
  Context ctx;
  const Variable v(graph::zeros({2}), "v");
  EXPECT_THROW(ctx.update(v, graph::constant(graph::zeros({3}))), ShapeError);
  EXPECT_TRUE(ctx.updates().empty());
}

TEST(ContextTest, AVariableIsPenalizedOnce) {
  Context ctx;
  const Variable v(graph::zeros({2})), w(graph::zeros({2}));
  EXPECT_TRUE(ctx.first_penalty(v));
  EXPECT_FALSE(ctx.first_penalty(v));
  EXPECT_TRUE(ctx.first_penalty(w));
  ctx.clear();
  EXPECT_TRUE(ctx.first_penalty(v));
}

}  // namespace
}  // namespace cornu::keras
