#include <gtest/gtest.h>

#include <cstring>
#include <sstream>

#include "cornu/autodiff/gradients.h"
#include "cornu/graph/function.h"
#include "cornu/graph/leaf.h"
#include "cornu/graph/passes/pass.h"
#include "cornu/graph/passes/passes.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/matmul.h"
#include "cornu/ops/native/random.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/native/softmax_cross_entropy.h"
#include "cornu/ops/reduction.h"
#include "tests/support/float64.h"

// Some steps of training with every pass, with none, and with each single one off.
namespace cornu::tests {
namespace {

using graph::Function;
using graph::Outputs;
using graph::Variable;

const Array kX = uniform({12, 7}, -1, 1, 1), kTarget = [] {
  Array y = zeros({12, 4});
  for (int i = 0; i < 12; ++i) y.data<float>()[4 * i + i % 4] = 1;
  return y;
}();

// The losses of three steps, then all variables.
std::vector<Array> train(const std::string& off) {
  std::vector<Variable> weights{
      Variable(uniform({7, 16}, -0.4, 0.4, 2), "dense/kernel"), Variable(zeros({16}), "dense/bias"),
      Variable(uniform({16, 4}, -0.4, 0.4, 3), "dense_1/kernel"), Variable(zeros({4}), "dense_1/bias")};
  std::vector<Variable> slots;
  for (const Variable& w : weights) slots.emplace_back(zeros(w.shape()), w.name() + "/velocity");
  Variable state(Array{std::int64_t{42}, std::int64_t{0}}, "random_state"), untouched(Array{1.f}, "untouched");
  const Function step(
      [&](const Tensor& x, const Tensor& y) {
        const double rate = 0.25;
        Tensor h = ops::relu(ops::matmul(x, weights[0]) + weights[1]);
        const Tensor keep = ops::greater_equal(ops::random_uniform(state, h.shape()), graph::constant(rate, float32));
        h = ops::where(keep, h * (1 / (1 - rate)), graph::constant(0, float32));
        const Tensor logits = ops::matmul(h, weights[2]) + weights[3];
        const Tensor loss = ops::mean(ops::softmax_cross_entropy(logits, y));
        const Tensors gradients = autodiff::gradients(loss, {weights[0], weights[1], weights[2], weights[3]});
        Outputs outputs{loss};
        for (std::size_t i = 0; i < weights.size(); ++i) {
          const Tensor velocity =
              slots[i] * graph::constant(0.9, float32) + ops::square(gradients[i]) * graph::constant(0.1, float32);
          outputs.update(slots[i], velocity);
          outputs.update(weights[i], weights[i] - 0.01 * 1 * gradients[i] / ops::sqrt(velocity + 1e-7));
        }
        return std::move(outputs).update(state, ops::random_state_after(state)).update(untouched, untouched);
      },
      {.disable_passes = off});
  std::vector<Array> results;
  for (int i = 0; i < 3; ++i) results.push_back(step(kX, kTarget).one());
  for (const auto* list : {&weights, &slots})
    for (const Variable& v : *list) results.push_back(v.value());
  results.push_back(state.value());
  return results;
}

void expect_close(const std::vector<Array>& got, const std::vector<Array>& want, const std::string& what) {
  ASSERT_EQ(got.size(), want.size());
  for (std::size_t i = 0; i < want.size(); ++i)
    EXPECT_TRUE(allclose(got[i], want[i], 1e-4, 1e-6)) << what << ", value " << i << '\n' << got[i] << '\n' << want[i];
}

void expect_same(const std::vector<Array>& got, const std::vector<Array>& want, const std::string& what) {
  ASSERT_EQ(got.size(), want.size());
  for (std::size_t i = 0; i < want.size(); ++i)
    EXPECT_EQ(std::memcmp(got[i].bytes(), want[i].bytes(), want[i].nbytes()), 0) << what << ", value " << i << '\n'
                                                                                 << got[i] << '\n'
                                                                                 << want[i];
}

std::string all_but(std::initializer_list<std::string_view> on) {
  std::string list;
  for (const std::string_view name : graph::passes::names())
    if (std::find(on.begin(), on.end(), name) == on.end())
      list += std::string(list.empty() ? "" : ",") + std::string(name);
  return list;
}

TEST(TrainingStep, EveryPassOffAloneAndOnAloneGivesWhatThePlainStepsGive) {
  const auto reference = train("all"), optimised = train("");
  ASSERT_LT(reference[2].item<float>(), reference[0].item<float>());
  expect_close(optimised, reference, "all on");
  for (const std::string_view name : graph::passes::names()) {
    expect_close(train(std::string(name)), reference, "without " + std::string(name));
    expect_close(train(all_but({name})), reference, "only " + std::string(name));
  }
}

TEST(TrainingStep, PassesThatLeaveEveryNumberChangeNoBits) {
  const auto reference = train("all");
  expect_same(train("all"), reference, "again");
  for (const std::string_view name : {"common_subexpressions", "constant_folding", "simplification", "dead_nodes"})
    expect_same(train(all_but({name})), reference, std::string(name));
  expect_same(train(all_but({"common_subexpressions", "constant_folding", "simplification", "dead_nodes"})), reference,
              "all four");
}

}  // namespace
}  // namespace cornu::tests
