#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cornu/graph/plan/internal/plan.h"

namespace cornu::graph::internal {

/// A plan's steps cut into tasks for a team of threads (internal/team.h). A task is one part of a step, or a run of
/// steps of one part that have one owner and no wait between them. A stage ends where a step waits, and between the
/// phases of a step. Phases are not listed: a stage has rounds, so that a loop of any length takes the same memory.
struct Stages {
  struct Work {
    std::uint32_t step;
    int part;
    int phase;       ///< in the stage's round 0, and one more in each further round
    int phases = 1;  ///< that follow one another in one round
  };
  int lanes = 1;
  std::vector<Work> work;             ///< of all tasks, one after the other
  std::vector<std::uint32_t> begin;   ///< of a task in `work`; then the end of the last one
  std::vector<std::uint32_t> first;   ///< as in Tasks
  std::vector<std::uint32_t> rounds;  ///< as in Tasks

  std::span<const Work> task(std::uint32_t i) const { return {work.data() + begin[i], work.data() + begin[i + 1]}; }
  /// Calls f(step, part, phase) for what a task does in a round.
  template <class F>
  void each_work(std::uint32_t task_number, std::uint32_t round, F&& f) const {
    for (const Work& each : task(task_number))
      for (int i = 0; i < each.phases; ++i) f(each.step, each.part, each.phase + static_cast<int>(round) + i);
  }
};

/// Part p of a step lies in lane p, a step of one part in its owner's, both modulo the number of lanes.
Stages stages_of(const std::vector<Plan::Step>& steps, int lanes);

}  // namespace cornu::graph::internal
