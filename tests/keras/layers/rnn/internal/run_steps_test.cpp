#include "cornu/keras/layers/rnn/internal/run_steps.h"

#include <gmock/gmock.h>

#include "cornu/graph/function.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/rearrange.h"
#include "tests/keras/expect_error.h"

namespace cornu::keras::layers::internal {
namespace {

using tests::error_text;

// Running sums, doubled in the output.
CellOutput sum(const Tensor& x, const Tensors& states) {
  const Tensor s = states[0] + x;
  return {s * 2.0, {s}};
}

const Array kX = Array{{{1.f}, {2.f}, {4.f}}, {{8.f}, {16.f}, {32.f}}};  // (batch, steps, features)

Tensor swapped(const Tensor& x) { return ops::swapaxes(x, 0, 1); }

// Written out, unless `config.loop` says otherwise.
std::vector<Array> run_as_it_is(StepsConfig config, const Array& x, const StepFunction& step) {
  if (config.mask.defined()) config.mask = swapped(config.mask);
  const Function f([&](const Tensor& t) {
    const auto result = run_steps(step, swapped(t), {Tensor(graph::zeros({x.shape()[0], 1}))}, config);
    return Outputs{config.return_all_outputs ? swapped(result.output) : result.output, result.states.at(0)};
  });
  return f(x).arrays();
}

// The same both ways.
std::vector<Array> run(StepsConfig config, const Array& x = kX, const StepFunction& step = sum) {
  const auto written_out = run_as_it_is(config, x, step);
  config.loop = graph::Spec{graph::float32, {x.shape()[0], 1}};
  const auto looped = run_as_it_is(config, x, step);
  for (std::size_t i = 0; i < looped.size(); ++i) EXPECT_TRUE(array_equal(looped[i], written_out[i]));
  return looped;
}

TEST(RunStepsTest, GivesTheLastOutputOrAll) {
  auto y = run({});
  EXPECT_TRUE(array_equal(y[0], Array{{14.f}, {112.f}}));
  EXPECT_TRUE(array_equal(y[1], Array{{7.f}, {56.f}}));
  y = run({.return_all_outputs = true});
  EXPECT_TRUE(array_equal(y[0], Array{{{2.f}, {6.f}, {14.f}}, {{16.f}, {48.f}, {112.f}}}));
  EXPECT_TRUE(array_equal(y[1], Array{{7.f}, {56.f}}));
}

TEST(RunStepsTest, GoesBackwardsAndLeavesTheOutputsInThatOrder) {
  const auto y = run({.go_backwards = true, .return_all_outputs = true});
  EXPECT_TRUE(array_equal(y[0], Array{{{8.f}, {12.f}, {14.f}}, {{64.f}, {96.f}, {112.f}}}));
}

TEST(RunStepsTest, AMaskedStepLeavesTheStates) {
  const Array mask{{false, true, false}, {true, false, true}};
  auto y = run({.return_all_outputs = true, .mask = mask});
  EXPECT_TRUE(array_equal(y[0], Array{{{0.f}, {4.f}, {4.f}}, {{16.f}, {16.f}, {80.f}}})) << "the output of before";
  EXPECT_TRUE(array_equal(y[1], Array{{2.f}, {40.f}}));
  y = run({.return_all_outputs = true, .zero_output_for_mask = true, .mask = mask});
  EXPECT_TRUE(array_equal(y[0], Array{{{0.f}, {4.f}, {0.f}}, {{16.f}, {0.f}, {80.f}}}));
  EXPECT_TRUE(array_equal(y[1], Array{{2.f}, {40.f}}));
  EXPECT_TRUE(array_equal(run({.mask = mask})[0], Array{{4.f}, {80.f}}));
  EXPECT_TRUE(array_equal(run({.zero_output_for_mask = true, .mask = mask})[0], Array{{0.f}, {80.f}}));
  y = run({.go_backwards = true, .return_all_outputs = true, .mask = mask});
  EXPECT_TRUE(array_equal(y[0], Array{{{0.f}, {4.f}, {4.f}}, {{64.f}, {64.f}, {80.f}}})) << "masks go along";
}

TEST(RunStepsTest, ChecksWhatTheStepGives) {
  EXPECT_EQ(error_text<ValueError>([] {
              run({}, kX, [](const Tensor& x, const Tensors&) { return CellOutput{x, {}}; });
            }),
            "a step gave 0 states, expected 1");
  EXPECT_EQ(
      error_text<ShapeError>([] {
        run({}, kX, [](const Tensor& x, const Tensors&) { return CellOutput{x, {Tensor(graph::zeros({2, 3}))}}; });
      }),
      "a step gave state 0 as float32(2, 3), expected float32(2, 1)");
  EXPECT_EQ(error_text<ShapeError>([] {
              run({}, graph::zeros({2, 0, 1}));
            }),
            "expected at least one step, got steps of shape (0, 2, 1)");
}

}  // namespace
}  // namespace cornu::keras::layers::internal
