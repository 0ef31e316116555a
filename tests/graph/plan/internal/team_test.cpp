#include "cornu/graph/plan/internal/team.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <random>
#include <thread>
#include <vector>

namespace cornu::graph::internal {
namespace {

/// Stages with so many tasks in each lane, each gone through once; run calls the function.
struct Program {
  int lanes;
  std::vector<std::uint32_t> first{0};
  std::vector<std::uint32_t> rounds;
  std::function<void(std::uint32_t task, int thread)> task;
  std::function<void(std::uint32_t task, std::uint32_t round)> task_in_round;  // instead, if it is set

  Program(int n, const std::vector<std::vector<std::uint32_t>>& stages) : lanes(n) {
    for (const auto& stage : stages)
      for (const std::uint32_t count : stage) first.push_back(first.back() + count);
  }
  std::uint32_t tasks() const { return first.back(); }
  int stage_of(std::uint32_t task) const {
    int stage = 0;
    while (first[static_cast<std::size_t>((stage + 1) * lanes)] <= task) ++stage;
    return stage;
  }
  bool run() {
    const auto call = [](void* program, std::uint32_t i, std::uint32_t round, int thread) {
      const Program& self = *static_cast<Program*>(program);
      self.task_in_round ? self.task_in_round(i, round) : self.task(i, thread);
    };
    return run_together({lanes, first, rounds, call, this});
  }
};

TEST(Team, DoesEachTaskOnceAndOneStageAfterTheOther) {
  std::mt19937 rng(1);
  for (int round = 0; round < 200; ++round) {
    const int lanes = 1 + static_cast<int>(rng() % 4);
    std::vector<std::vector<std::uint32_t>> stages(1 + rng() % 6);
    for (auto& stage : stages) {
      for (int i = 0; i < lanes; ++i) stage.push_back(static_cast<std::uint32_t>(rng() % 4));
      ++stage[rng() % stage.size()];
    }
    Program program(lanes, stages);
    std::vector<std::atomic<int>> done(program.tasks());
    std::atomic<int> wrong{0};
    program.task = [&](std::uint32_t task, int thread) {
      wrong += thread < 0 || thread >= lanes || done[task].fetch_add(1) != 0;
      const int stage = program.stage_of(task);
      for (std::uint32_t other = 0; other < program.first[static_cast<std::size_t>(stage * lanes)]; ++other)
        wrong += done[other].load() != 1;
    };
    ASSERT_TRUE(program.run());
    EXPECT_EQ(wrong, 0) << "round " << round;
    for (const auto& each : done) EXPECT_EQ(each, 1);
  }
}

TEST(Team, GoesThroughAStageInRounds) {
  Program program(3, {{1, 1, 1}, {1, 0, 2}, {0, 1, 0}});
  program.rounds = {1, 500, 2};
  std::vector<std::atomic<std::uint32_t>> done(program.tasks());
  std::atomic<int> wrong{0};
  program.task_in_round = [&](std::uint32_t task, std::uint32_t round) {
    const int stage = program.stage_of(task);
    wrong += done[task].fetch_add(1) != round;  // a task's own rounds come in their order
    for (std::uint32_t other = 0; other < program.tasks(); ++other) {
      const int of = program.stage_of(other);
      const std::uint32_t now = done[other].load();
      if (of < stage) wrong += now != program.rounds[static_cast<std::size_t>(of)];
      if (of == stage) wrong += now < round || now > round + 1;
      if (of > stage) wrong += now != 0;
    }
  };
  ASSERT_TRUE(program.run());
  EXPECT_EQ(wrong, 0);
  for (std::uint32_t task = 0; task < program.tasks(); ++task)
    EXPECT_EQ(done[task], program.rounds[static_cast<std::size_t>(program.stage_of(task))]);
}

TEST(Team, AStageSeesWhatTheOneBeforeWrote) {
  Program program(3, {{1, 1, 1}, {1, 1, 1}, {1, 1, 1}});
  int values[3][3] = {{1, 2, 3}};
  program.task = [&](std::uint32_t task, int) {
    const std::uint32_t stage = task / 3, i = task % 3;
    if (stage > 0) values[stage][i] = values[stage - 1][0] + values[stage - 1][1] + values[stage - 1][2];
  };
  for (int round = 0; round < 500; ++round) {
    ASSERT_TRUE(program.run());
    ASSERT_EQ(values[2][0] + values[2][1] + values[2][2], 54);
  }
}

// What a program that keeps the processors busy makes of a team: one thread does not run for a while.
TEST(Team, OthersDoTheTasksOfAThreadThatIsHeldUp) {
  Program program(2, {{1, 1}, {3, 3}, {3, 3}});
  std::atomic<int> by_first{0};
  std::atomic<bool> held{false};
  program.task = [&](std::uint32_t task, int thread) {
    if (task == 1 && thread == 1) {  // the other waits for this one task, and does all later ones but those of a race
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      held = true;
    }
    by_first += thread == 0;
  };
  ASSERT_TRUE(program.run());
  EXPECT_GE(by_first, 1);

  Program alone(2, {{0, 5}});  // the worker may be asleep: the caller does not wait for it
  std::atomic<int> done{0};
  alone.task = [&](std::uint32_t, int) { ++done; };
  ASSERT_TRUE(alone.run());
  EXPECT_EQ(done, 5);
}

TEST(Team, WorksForOneCallAtATime) {
  Program outer(2, {{1, 1}}), inner(2, {{1, 1}});
  std::atomic<int> refused{0}, ran{0};
  inner.task = [&](std::uint32_t, int) { ++ran; };
  outer.task = [&](std::uint32_t, int) { refused += !inner.run(); };
  ASSERT_TRUE(outer.run());
  EXPECT_EQ(refused, 2);
  EXPECT_EQ(ran, 0);
  EXPECT_TRUE(inner.run());
  EXPECT_EQ(ran, 2);
}

TEST(Team, CallsFromManyThreads) {
  std::atomic<int> wrong{0}, together{0};
  std::vector<std::thread> callers;
  for (int t = 0; t < 4; ++t)
    callers.emplace_back([&, t] {
      for (int i = 0; i < 300; ++i) {
        std::vector<int> seen(static_cast<std::size_t>(1 + (i + t) % 40), 0);
        share(1 + i % 4, static_cast<std::int64_t>(seen.size()), [&](std::int64_t begin, std::int64_t end) {
          for (std::int64_t k = begin; k < end; ++k) ++seen[static_cast<std::size_t>(k)];
        });
        for (const int n : seen) wrong += n != 1;
        Program program(2, {{1, 1}, {1, 1}});
        std::atomic<int> done{0};
        program.task = [&](std::uint32_t, int) { ++done; };
        if (!program.run()) continue;
        ++together;
        wrong += done != 4;
      }
    });
  for (auto& caller : callers) caller.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_GT(together, 0);
}

TEST(Team, SharedCallsKnowOfEachOther) {
  const SharedCall first;
  EXPECT_TRUE(first.alone());
  const SharedCall second;
  EXPECT_FALSE(second.alone());
}

TEST(Team, ShareOfNothing) {
  int calls = 0;
  share(4, 0, [&](std::int64_t begin, std::int64_t end) { calls += begin == 0 && end == 0; });
  EXPECT_EQ(calls, 1);
}

#if !defined(__SANITIZE_THREAD__)  // which does not follow threads that start after a fork
// A server forks its workers after it has tried the model; each then has threads of its own, and all end without a
// word.
TEST(Team, AForkedProcessHasATeamOfItsOwn) {
  Program program(2, {{4, 4}, {4, 4}});
  std::atomic<int> done{0};
  program.task = [&](std::uint32_t, int) { ++done; };
  ASSERT_TRUE(program.run());
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    alarm(60);  // instead of waiting for ever
    done = 0;
    for (int i = 0; i < 100; ++i)
      if (!program.run()) std::_Exit(2);
    std::_Exit(done == 1600 ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  EXPECT_TRUE(program.run());
}

TEST(Team, AProcessEndsWhileItsTeamSleepsOrWorks) {
  for (const bool working : {false, true}) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      alarm(60);
      static Program& program = *new Program(3, {{2, 2, 2}});  // never destroyed: a thread may run it until the end
      program.task = [working](std::uint32_t, int) {
        if (working) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      };
      program.run();
      if (working) {
        std::thread([] {
          for (;;) program.run();
        }).detach();
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
      }
      std::exit(0);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  }
}
#endif

}  // namespace
}  // namespace cornu::graph::internal
