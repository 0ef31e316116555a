#include "cornu/keras/context.h"

#include <gtest/gtest.h>

#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"

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
