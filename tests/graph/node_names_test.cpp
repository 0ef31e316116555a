#include "cornu/graph/internal/node_names.h"

#include <gtest/gtest.h>

#include <set>

#include "cornu/graph/leaf.h"
#include "cornu/graph/op.h"
#include "cornu/graph/passes/pass.h"

namespace cornu::tests {
namespace {

using graph::NameScope;

struct Twice final : graph::Op {
  std::string own = "twice";
  std::string_view name() const override { return own; }
  Specs infer(const Specs& in) const override { return in; }
  Tensors gradient(const Backward& b) const override { return no_gradient(b); }
  Kernel plan(const graph::PlanRequest&) const override { return {}; }
};
Tensor node(const Tensor& x, std::string name = "twice") {
  auto op = std::make_shared<Twice>();
  op->own = std::move(name);
  return graph::apply1(std::move(op), {x});
}

TEST(NodeNames, ScopeOpAndNumber) {
  Tensor x = graph::parameter(0, {float32, {2}});
  Tensor a, b, c;
  {
    const NameScope scope("dense");
    a = node(x);
    b = node(a);
    c = node(b, "twice_1");  // a name that a number would give
  }
  const Tensor d = node(c);
  const auto names = graph::node_names({d});
  EXPECT_EQ(names.at(&a.node()), "dense/twice");
  EXPECT_EQ(names.at(&b.node()), "dense/twice_1");
  EXPECT_EQ(names.at(&c.node()), "dense/twice_1_1");
  EXPECT_EQ(names.at(&d.node()), "twice");
  std::set<std::string> different;
  for (const auto& [at, name] : names) different.insert(name);
  EXPECT_EQ(different.size(), names.size());
}

}  // namespace
}  // namespace cornu::tests
