#include <gmock/gmock.h>

#include <cstring>

#include "cornu/autodiff/gradients.h"
#include "cornu/graph/function.h"
#include "cornu/graph/passes/pass.h"
#include "cornu/graph/print.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/gather.h"
#include "cornu/ops/reduction.h"
#include "tests/support/float64.h"
#include "tests/support/op_samples.h"

namespace cornu::tests {
namespace {

using graph::Function;
using graph::Outputs;
using graph::Variable;
using testing::HasSubstr;
using testing::Not;

constexpr std::int64_t kRows = 100, kWidth = 6;

/// A table of which the loss reads some rows, and what an optimizer keeps of it.
struct Table {
  Variable value{uniform({kRows, kWidth}, -1, 1, 1), "table"};
  Variable slot{full({kRows, kWidth}, 0.1), "slot"};

  Tensor gradient(const Tensor& a, const Tensor& b) const {
    const Tensor loss = ops::sum(ops::square(ops::take(value, a))) + ops::sum(ops::exp(ops::take(value, b)));
    return autodiff::gradients(loss, {value})[0];
  }
};
using Rule = std::function<Outputs(const Table&, const Tensor& gradient)>;

Outputs sgd(const Table& t, const Tensor& g) { return Outputs().update(t.value, t.value - g * 0.25); }
Outputs adagrad(const Table& t, const Tensor& g) {
  const Tensor sum = t.slot + ops::square(g);
  return Outputs().update(t.slot, sum).update(t.value, t.value - g * 0.25 / ops::sqrt(sum + 1e-7));
}
Outputs momentum(const Table& t, const Tensor& g) {
  const Tensor velocity = t.slot * 0.9 - g * 0.25;
  return Outputs().update(t.slot, velocity).update(t.value, t.value + velocity);
}
Outputs decayed(const Table& t, const Tensor& g) {
  return Outputs().update(t.value, t.value - t.value * 0.01 - g * 0.25);
}

std::string graph_of(const Rule& rule) {
  const Table table;
  const Tensor a = input(0, {4, 3}, graph::int32), b = input(1, {5}, graph::int64);
  return graph::to_string(graph::optimise(rule(table, table.gradient(a, b))));
}

// The variables after some steps.
std::vector<Array> trained(const Rule& rule, const std::string& off) {
  const Table table;
  const Function step([&](const Tensor& a, const Tensor& b) { return rule(table, table.gradient(a, b)); },
                      {.disable_passes = off});
  for (std::int32_t i = 0; i < 3; ++i)
    step.call(std::vector<Array>{Array{{3, 3, i}, {-1, 99, 3}, {7 + i, 8, 9}, {0, 100, -101}},
                                 Array{3, 4, 4, 10 + i, -100}.astype(int64)});
  return {table.value.value(), table.slot.value()};
}

TEST(UpdateRows, ComputesTheRowsThatAreRead) {
  for (const Rule& rule : {Rule(sgd), Rule(adagrad)}) {
    EXPECT_THAT(graph_of(rule), HasSubstr("replace_rows"));
    EXPECT_THAT(graph_of(rule), Not(HasSubstr("scatter_add")));
    const auto got = trained(rule, ""), want = trained(rule, "all");
    for (std::size_t i = 0; i < want.size(); ++i)
      EXPECT_TRUE(allclose(got[i], want[i], 1e-6, 1e-7)) << got[i] << '\n' << want[i];
    const auto plain = trained(rule, "fusion"), in_copies = trained(rule, "in_place");
    for (std::size_t i = 0; i < want.size(); ++i) {
      EXPECT_EQ(std::memcmp(plain[i].bytes(), want[i].bytes(), want[i].nbytes()), 0) << "the same bits";
      EXPECT_TRUE(array_equal(in_copies[i], got[i])) << "also where the table is copied";
    }
  }
}

TEST(UpdateRows, LeavesWhatMovesEveryRow) {
  for (const Rule& rule : {Rule(momentum), Rule(decayed)}) {
    EXPECT_THAT(graph_of(rule), Not(HasSubstr("replace_rows")));
    EXPECT_THAT(graph_of(rule), HasSubstr("scatter_add"));
  }
}

TEST(UpdateRows, LeavesSmallTables) {
  const Variable table(zeros({60, 2}), "table");
  const Tensor indices = input(0, {16}, graph::int32);
  const Tensor g = autodiff::gradients(ops::sum(ops::take(table, indices)), {table})[0];
  EXPECT_THAT(graph::to_string(graph::optimise(Outputs().update(table, table - g))), HasSubstr("scatter_add"));
}

// Reading the table elsewhere makes the gradient one of every row, or the update one that has to wait.
TEST(UpdateRows, OtherReadersSeeTheOldTable) {
  const Rule reads = [](const Table& t, const Tensor& g) {
    return Outputs{ops::sum(ops::square(t.value))}.update(t.value, t.value - g * 0.25);
  };
  const auto got = trained(reads, ""), want = trained(reads, "all");
  EXPECT_TRUE(allclose(got[0], want[0], 1e-6, 1e-7));
  const Rule regularized = [](const Table& t, const Tensor& g) {
    return Outputs().update(t.value, t.value - (g + t.value * 0.02) * 0.25);
  };
  EXPECT_THAT(graph_of(regularized), Not(HasSubstr("replace_rows")));
}

// What is planned takes no memory of the table's size: its rows lie where they lay.
TEST(UpdateRows, WritesIntoTheTable) {
  const Variable table(zeros({1 << 16, 16}), "table");
  const Function step([&](const Tensor& indices) {
    const Tensor g = autodiff::gradients(ops::sum(ops::take(table, indices)), {table})[0];
    return Outputs().update(table, table - g * 0.5);
  });
  const Array indices{1, 5, 1};
  step.call(std::vector<Array>{indices});
  const std::string plan = step.describe({indices.spec()});
  EXPECT_THAT(plan, Not(HasSubstr("copy of")));
  EXPECT_LT(std::stoul(plan.substr(plan.rfind("arena ") + 6)), 1ul << 16) << plan;
  EXPECT_TRUE(array_equal(table.value()[1], full({16}, -1)));
  EXPECT_TRUE(array_equal(table.value()[5], full({16}, -0.5)));
  EXPECT_TRUE(array_equal(table.value()[0], zeros({16})));
}

}  // namespace
}  // namespace cornu::tests
