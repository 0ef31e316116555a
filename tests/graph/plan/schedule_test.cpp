#include <gtest/gtest.h>

#include <algorithm>

#include "cornu/graph/leaf.h"
#include "cornu/graph/passes/passes.h"
#include "cornu/graph/plan/internal/plan.h"
#include "cornu/graph/variable.h"
#include "tests/graph/toy_ops.h"

namespace cornu::graph {
namespace {

using Place = Plan::Place;

Plan::Step step(int parts, std::vector<Place> src, std::vector<Place> dst) {
  Plan::Step s;
  s.kernel.parts = parts;
  s.src = std::move(src);
  s.dst = std::move(dst);
  s.bytes = 1;
  return s;
}
Place arena(std::size_t offset, std::size_t bytes) { return {Place::arena, offset, nullptr, bytes}; }
Place argument(std::size_t index) { return {Place::argument, index, nullptr, 64}; }

std::vector<bool> waits(const std::vector<Plan::Step>& steps) {
  std::vector<bool> all;
  for (const auto& s : steps) all.push_back(s.wait);
  return all;
}

TEST(Schedule, ThreadsWaitWhereOneNeedsWhatAnotherWrites) {
  std::vector<Plan::Step> steps{step(2, {argument(0)}, {arena(0, 128)}),                     // shared
                                step(2, {argument(0)}, {arena(128, 128)}),                   // independent of it
                                step(2, {arena(64, 64), arena(128, 64)}, {arena(256, 64)}),  // needs both
                                step(2, {argument(0)}, {arena(64, 64)})};  // writes what the one before reads
  schedule_threads(steps, 2);
  EXPECT_EQ(waits(steps), (std::vector<bool>{false, false, true, true}));
}

TEST(Schedule, StepsOfOnePartFollowOneAnotherOnOneThread) {
  std::vector<Plan::Step> steps{step(2, {argument(0)}, {arena(0, 64)}), step(1, {argument(0)}, {arena(64, 64)}),
                                step(1, {argument(1)}, {arena(128, 64)}), step(1, {arena(64, 64)}, {arena(192, 64)}),
                                step(1, {arena(64, 64), arena(128, 64)}, {arena(256, 64)})};
  schedule_threads(steps, 2);
  EXPECT_EQ(waits(steps), (std::vector<bool>{false, false, false, false, true}));
  EXPECT_NE(steps[1].owner, steps[2].owner) << "independent ones are shared out";
  EXPECT_EQ(steps[3].owner, steps[1].owner) << "what it needs is done by the same thread";
}

TEST(Schedule, OneThreadNeverWaits) {
  std::vector<Plan::Step> steps{step(1, {argument(0)}, {arena(0, 64)}), step(1, {arena(0, 64)}, {arena(64, 64)})};
  schedule_threads(steps, 2);
  EXPECT_EQ(waits(steps), (std::vector<bool>{false, false}));
}

TEST(Schedule, ScratchMemoryIsWritten) {
  std::vector<Plan::Step> steps{step(2, {argument(0)}, {arena(0, 64)}), step(2, {argument(0)}, {arena(64, 64)})};
  steps[0].scratch = arena(128, 64);
  steps[1].scratch = arena(160, 64);
  schedule_threads(steps, 2);
  EXPECT_TRUE(steps[1].wait);
}

TEST(Schedule, ReadersOfAVariableComeBeforeItsUpdate) {
  const Variable w(zeros({4}), "w");
  const Tensor x = parameter(0, {float32, {4}});
  const Tensor next = toy::axpy(2, x, w);       // made first
  const Tensor late = toy::reverse(Tensor(w));  // reads the old value
  const auto order = schedule_nodes(Outputs(late).update(w, next));
  const auto at = [&](const Tensor& t) { return std::find(order.begin(), order.end(), t.node_ptr()) - order.begin(); };
  EXPECT_LT(at(late), at(next));
}

TEST(Schedule, AReaderThatNeedsTheUpdateComesAfterIt) {
  const Variable w(zeros({4}), "w");
  const Tensor x = parameter(0, {float32, {4}});
  const Tensor next = toy::axpy(2, x, w), both = toy::axpy(1, next, w);
  const auto order = schedule_nodes(Outputs(both).update(w, next));
  EXPECT_EQ(order.back(), both.node_ptr());
}

// The places of tensors' nodes among the others.
std::vector<std::ptrdiff_t> places(const Outputs& outputs, const std::vector<Tensor>& tensors) {
  const auto order = schedule_nodes(outputs);
  std::vector<std::ptrdiff_t> found;
  for (const Tensor& t : tensors) found.push_back(std::find(order.begin(), order.end(), t.node_ptr()) - order.begin());
  return found;
}

// Two gradients, each of its own, and then the updates, as optimizers write them.
struct TwoUpdates {
  Variable v{zeros({1024}), "v"}, w{zeros({1024}), "w"};
  Tensor x = parameter(0, v.spec());
  Tensor dv = toy::reverse(x), dw = toy::reverse(dv), back = toy::reverse(dw);
  Tensor next_v = toy::axpy(-1, dv, v), next_w = toy::axpy(-1, dw, w);
  Outputs outputs() const { return Outputs(back).update(v, next_v).update(w, next_w); }
};

TEST(Schedule, AnUpdateRunsAsSoonAsItsGradientIsThere) {
  const TwoUpdates step;
  const auto at = places(step.outputs(), {step.dv, step.next_v, step.dw, step.next_w, step.back});
  EXPECT_TRUE(std::is_sorted(at.begin(), at.end()));
}

TEST(Schedule, IsInTheProgramsOrderIfSwitchedOff) {
  const passes::Disabled off("scheduling");
  const TwoUpdates step;
  const auto at = places(step.outputs(), {step.dv, step.dw, step.back, step.next_v, step.next_w});
  EXPECT_TRUE(std::is_sorted(at.begin(), at.end()));
}

TEST(Schedule, FreeingEarlyTakesLessMemory) {
  // Gradients of a deep network: each layer's update needs the gradient that was passed on.
  const auto bytes = [] {
    std::vector<Variable> weights;
    const Tensor x = parameter(0, {float32, {1024}});
    Tensor dy = x;
    std::vector<Tensor> gradients;
    for (int i = 0; i < 8; ++i) {
      weights.emplace_back(zeros({1024}), "w");
      gradients.push_back(toy::axpy(2, dy, dy));
      dy = toy::reverse(dy);
    }
    Outputs outputs(dy);
    for (std::size_t i = 0; i < weights.size(); ++i)
      outputs.update(weights[i], toy::axpy(-1, toy::reverse(gradients[i]), weights[i]));
    return Plan(outputs, {x.spec()}, 1).workspace_bytes();
  };
  const std::size_t early = bytes();
  const passes::Disabled off("scheduling");
  EXPECT_LE(early, 3 * 4096U);
  EXPECT_GE(bytes(), 8 * 4096U);
}

}  // namespace
}  // namespace cornu::graph
