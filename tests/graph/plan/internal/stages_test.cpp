#include "cornu/graph/plan/internal/stages.h"

#include <gtest/gtest.h>

#include <sstream>

namespace cornu::graph::internal {
namespace {

Plan::Step step(int parts, int owner = 0, bool wait = false, int phases = 1) {
  Plan::Step made;
  made.kernel.parts = parts;
  made.kernel.phases = phases;
  made.owner = owner;
  made.wait = wait;
  return made;
}

/// Stages divided by `|`, lanes by `,`; a task is its works in round 0, `step.part.phase`; behind a stage its rounds.
std::string text(const Stages& stages) {
  std::ostringstream out;
  const auto lanes = static_cast<std::size_t>(stages.lanes);
  for (std::size_t i = 0; i + 1 < stages.first.size(); ++i) {
    if (i > 0) out << (i % lanes == 0 ? " |" : ",");
    for (std::uint32_t task = stages.first[i]; task < stages.first[i + 1]; ++task) {
      out << " (";
      const char* space = "";
      stages.each_work(task, 0, [&](std::uint32_t step, int part, int phase) {
        out << std::exchange(space, " ") << step << '.' << part << '.' << phase;
      });
      out << ')';
    }
    if (i % lanes == lanes - 1 && stages.rounds[i / lanes] > 1) out << " x" << stages.rounds[i / lanes];
  }
  return out.str();
}

TEST(Stages, PartsLieInTheirLanesAndStepsOfOneOwnerFollowOneAnother) {
  EXPECT_EQ(text(stages_of({step(2), step(1, 0), step(1, 1), step(1, 1)}, 2)),
            " (0.0.0) (1.0.0), (0.1.0) (2.0.0 3.0.0)");
}

TEST(Stages, AWaitAndAPhaseEndAStage) {
  EXPECT_EQ(text(stages_of({step(1, 0), step(2, 0, true), step(2, 0, false, 2), step(1, 0), step(1, 0, true, 2)}, 2)),
            " (0.0.0), | (1.0.0) (2.0.0), (1.1.0) (2.1.0) | (2.0.1) (3.0.0), (2.1.1) | (4.0.0 4.0.1),");
}

TEST(Stages, ManyPhasesAreRoundsOfOneStage) {
  const Stages stages = stages_of({step(1), step(2, 0, false, 1000), step(1, 1)}, 2);
  EXPECT_EQ(text(stages), " (0.0.0) (1.0.0), (1.1.0) | (1.0.1), (1.1.1) x998 | (1.0.999), (1.1.999) (2.0.0)");
  std::string seen;
  stages.each_work(stages.first[2], 7, [&](std::uint32_t step, int part, int phase) {
    seen += std::to_string(step) + '.' + std::to_string(part) + '.' + std::to_string(phase);
  });
  EXPECT_EQ(seen, "1.0.8");
}

TEST(Stages, MorePartsThanLanes) {
  EXPECT_EQ(text(stages_of({step(5), step(1, 4)}, 2)), " (0.0.0) (0.2.0) (0.4.0) (1.0.0), (0.1.0) (0.3.0)");
}

TEST(Stages, NoStepsAndAWaitAtTheBegin) {
  EXPECT_EQ(text(stages_of({}, 2)), "");
  EXPECT_EQ(text(stages_of({step(2, 0, true)}, 2)), " (0.0.0), (0.1.0)");
}

}  // namespace
}  // namespace cornu::graph::internal
