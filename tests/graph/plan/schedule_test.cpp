#include <gtest/gtest.h>

#include "cornu/graph/leaf.h"
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

}  // namespace
}  // namespace cornu::graph
