#include "cornu/graph/passes/pass.h"

#include <gmock/gmock.h>

#include "cornu/graph/function.h"
#include "cornu/graph/internal/sweep.h"
#include "cornu/graph/passes/passes.h"
#include "cornu/graph/print.h"
#include "tests/graph/toy_ops.h"

namespace cornu::graph {
namespace {

using internal::NamedRule;
using testing::HasSubstr;
using toy::axpy;
using toy::reverse;
using toy::view;

const Tensor kX = parameter(0, {float32, {2}}), kY = parameter(1, {float32, {2}});

Outputs apply_rules(const Outputs& outputs, const std::vector<NamedRule>& rules) {
  return internal::sweep(outputs, internal::visit_of(rules));
}

std::size_t count(const Outputs& outputs, std::string_view op) {
  std::size_t n = 0;
  for (const auto& node : reachable(outputs)) n += node->op().name() == op;
  return n;
}

// reverse(reverse(x)) -> x
Tensors twice_reversed(const Node& node, const Users&) {
  if (node.op().name() != "toy_reverse" || node.inputs()[0].node().op().name() != "toy_reverse") return {};
  return {node.inputs()[0].node().inputs()[0]};
}
const std::vector<NamedRule> kTwice{{"twice", twice_reversed}};

TEST(Rules, ReplaceNodesFromInputsToOutputs) {
  EXPECT_TRUE(apply_rules(reverse(reverse(reverse(reverse(kX)))), kTwice).tensors()[0].same(kX));
  EXPECT_EQ(count(apply_rules(axpy(1, reverse(reverse(reverse(kX))), kY), kTwice), "toy_reverse"), 1u);
}

TEST(Rules, SeeAgainWhatTheyHaveMade) {
  // axpy(s) -> axpy(s - 1), down to 0: each step is made by a rule of what the one before it made
  const std::vector<NamedRule> down{{"down", [](const Node& node, const Users&) -> Tensors {
                                       const auto* op = dynamic_cast<const toy::Axpy*>(&node.op());
                                       if (!op || op->scale <= 0) return {};
                                       return {axpy(op->scale - 1, node.inputs()[0], node.inputs()[1])};
                                     }}};
  EXPECT_THAT(to_string(apply_rules(axpy(5, kX, kY), down)), HasSubstr("%2 = toy_axpy(%0, %1, scale=0)"));
}

TEST(Sweep, WhereNothingIsToBeDoneVisitsNothing) {
  const Outputs outputs = axpy(1, reverse(reverse(kX)), kY);
  int visits = 0;
  const internal::Visit visit = [&](const Node& node, const Node&, const Users& users) {
    ++visits;
    return twice_reversed(node, users);
  };
  const auto is_reverse = [](const Node& node) { return node.op().name() == "toy_reverse"; };
  const auto is_view = [](const Node& node) { return node.op().name() == "toy_view"; };
  EXPECT_TRUE(internal::same_computation(internal::sweep_where(outputs, is_view, visit), outputs));
  EXPECT_EQ(visits, 0);
  EXPECT_EQ(count(internal::sweep_where(outputs, is_reverse, visit), "toy_reverse"), 0u);
  EXPECT_EQ(visits, 5);
}

TEST(Rules, ThatDoNotEndAreAnError) {
  const std::vector<NamedRule> forever{{"forever", [](const Node& node, const Users&) -> Tensors {
                                          return node.op().name() == "toy_reverse" ? Tensors{reverse(node.inputs()[0])}
                                                                                   : Tensors{};
                                        }}};
  try {
    apply_rules(reverse(kX), forever);
    FAIL();
  } catch (const Error& e) {
    EXPECT_THAT(e.what(), HasSubstr("the rewriting rules do not come to an end at toy_reverse()"));
  }
}

TEST(Rules, ThatChangeASpecAreAnError) {
  const std::vector<NamedRule> wrong{
      {"flatten", [](const Node& node, const Users&) -> Tensors {
         return node.op().name() == "toy_reverse" ? Tensors{view(node.inputs()[0], {1, 2})} : Tensors{};
       }}};
  try {
    apply_rules(reverse(kX), wrong);
    FAIL();
  } catch (const Error& e) {
    EXPECT_THAT(e.what(),
                HasSubstr("the rewriting rule 'flatten' replaces toy_reverse() by what has other dtypes or shapes"));
  }
}

TEST(Rules, CountUsesWhileTheComputationChanges) {
  const Tensor shared = view(kX, {2}), ends = reverse(reverse(shared));  // becomes `shared`
  std::vector<int> seen;
  const std::vector<NamedRule> rules{{"twice", twice_reversed},
                                     {"watch", [&](const Node& node, const Users& users) -> Tensors {
                                        if (node.op().name() == "toy_axpy") seen.push_back(users.of(node.inputs()[0]));
                                        return {};
                                      }}};
  // Once the reverses are gone, what they read is read by the axpy alone.
  apply_rules(axpy(1, ends, ends), rules);
  EXPECT_EQ(seen, std::vector<int>{2});
  seen.clear();
  apply_rules(Outputs{axpy(1, ends, kY), shared}, rules);
  EXPECT_EQ(seen, std::vector<int>{2});
  seen.clear();
  apply_rules(axpy(1, ends, kY), rules);
  EXPECT_EQ(seen, std::vector<int>{1});
}

TEST(Rules, MayPutTheNodeItselfIntoItsReplacement) {
  int left = 3;
  std::vector<int> uses;
  const std::vector<NamedRule> rules{{"wrap", [&](const Node& node, const Users& users) -> Tensors {
                                        if (node.op().name() == "toy_axpy") uses.push_back(users.of(node.inputs()[0]));
                                        if (node.op().name() != "toy_reverse" || left-- <= 0) return {};
                                        return {reverse(Tensor(node.shared_from_this(), 0))};
                                      }}};
  const Tensor inner = reverse(kX);
  const Outputs after = apply_rules(axpy(1, inner, inner), rules);
  EXPECT_EQ(count(after, "toy_reverse"), 4u);
  EXPECT_EQ(uses, std::vector<int>{2});
}

TEST(Rules, KeepTheOrderOfTheOtherNodes) {
  // The first node is replaced; the second does not depend on it and must still come between it and the third.
  const Tensor first = reverse(reverse(reverse(kX))), second = axpy(7, kY, kY), third = axpy(8, first, second);
  const std::string text = to_string(apply_rules(third, kTwice));
  EXPECT_LT(text.find("toy_reverse"), text.find("scale=7"));
  EXPECT_LT(text.find("scale=7"), text.find("scale=8"));
}

TEST(Rules, NodesThatRulesMakeAreInTheScopeOfWhatTheyReplace) {
  Tensor x;
  {
    const NameScope scope("dense_1");
    x = axpy(1, kX, kY);
  }
  const std::vector<NamedRule> rules{{"swap", [](const Node& node, const Users&) -> Tensors {
                                        return node.op().name() == "toy_axpy" ? Tensors{reverse(node.inputs()[0])}
                                                                              : Tensors{};
                                      }}};
  EXPECT_EQ(apply_rules(x, rules).tensors()[0].node().scope(), "dense_1");
}

TEST(Rules, ATakenNameIsAnError) {
  const auto nothing = [](const Node&, const Users&) { return Tensors(); };
  const auto unchanged = [](const Outputs& outputs) { return outputs; };
  EXPECT_TRUE(register_rule("fusion", "toy_rule", nothing));
  EXPECT_TRUE(register_rule("simplification", "toy_rule", nothing));
  EXPECT_TRUE(register_rewrite("fusion", 1, "toy_rule", unchanged));
  try {
    register_rule("fusion", "toy_rule", nothing);
    FAIL();
  } catch (const ValueError& e) {
    EXPECT_STREQ(e.what(), "pass fusion has a rule named 'toy_rule' already");
  }
  EXPECT_THROW(register_rewrite("fusion", 2, "toy_rule", unchanged), ValueError);
}

TEST(Rewrites, RunAfterTheRulesInTheOrderOfTheirNumbers) {
  static std::vector<std::string> ran;
  static bool watching = true;
  const auto note = [](const char* what) {
    return [what](const Outputs& outputs) { return watching ? (ran.push_back(what), outputs) : outputs; };
  };
  register_rewrite("fusion", 30, "toy_a", note("third"));
  register_rewrite("fusion", 20, "toy_b", note("second"));
  register_rewrite("fusion", 20, "toy_a2", note("first"));
  register_rule("fusion", "toy_watch",
                [](const Node&, const Users&) { return watching ? (ran.push_back("rule"), Tensors()) : Tensors(); });
  optimise(kX);
  EXPECT_EQ(ran, (std::vector<std::string>{"rule", "first", "second", "third"}));
  ran.clear();
  const passes::Disabled off("fusion");
  optimise(kX);
  EXPECT_TRUE(ran.empty());
  watching = false;
}

TEST(Optimise, LongChainsAndManyUpdates) {
  // Every node is rewritten, and the passes' own bookkeeping is taken apart again without recursion.
  std::vector<Variable> variables;
  Tensor x = kX;
  Outputs outputs;
  for (int i = 0; i < 2000; ++i) {
    variables.emplace_back(Array{1.f, 2.f}, "w");
    x = axpy(i % 2, view(x, {2}), Tensor(variables.back()));
    outputs.update(variables.back(), axpy(0.5, x, variables.back()));
  }
  outputs.add(x);
  const Outputs after = optimise(outputs);
  EXPECT_EQ(reachable(outputs).size(), 10001u);
  EXPECT_EQ(reachable(after).size(), 6001u);
  EXPECT_EQ(after.updates().size(), 2000u);
}

}  // namespace
}  // namespace cornu::graph
