#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

namespace cornu::graph::internal {

/// Tasks for several threads: stages one after the other, and in each stage tasks that may run at the same time, in any
/// order. Every task lies in a lane. The thread of that number takes it, or a thread that has nothing else to do:
/// nobody waits for a thread that the system keeps from running, unless that one is in the middle of a task.
struct Tasks {
  int lanes = 1;  ///< threads that take part at most
  /// The number of the first task of (stage, lane), at stage * lanes + lane; then the number of tasks. No stage is
  /// empty.
  std::span<const std::uint32_t> first;
  /// How often each stage is gone through, at least once: a round begins when the one before has ended. Empty: once.
  std::span<const std::uint32_t> rounds;
  void (*run)(void* context, std::uint32_t task, std::uint32_t round, int thread) = nullptr;  ///< throws nothing
  void* context = nullptr;
};

/// The most lanes that `Tasks` may have.
inline constexpr int kMostLanes = 256;

/// Runs the tasks on the calling thread, which is number 0, and on threads of the process's one team, which are started
/// when they are first needed. OpenMP regions in a task of theirs have one thread. Gives false, and does nothing, while
/// the team works for another call.
///
/// A thread without work looks for it for some microseconds and then sleeps; OMP_WAIT_POLICY=passive makes it sleep at
/// once. A forked process starts a team of its own.
bool run_together(const Tasks& tasks);

/// A call whose work is shared out: says whether it was the only one in the process when it began.
class SharedCall {
 public:
  SharedCall();
  ~SharedCall();
  SharedCall(const SharedCall&) = delete;
  SharedCall& operator=(const SharedCall&) = delete;
  bool alone() const { return alone_; }

 private:
  bool alone_;
};

/// Calls f(begin, end) for sections of [0, n), one for each of up to that many threads; f throws nothing.
template <class F>
void share(int threads, std::int64_t n, F&& f) {
  const auto lanes = static_cast<int>(std::clamp<std::int64_t>(std::min<std::int64_t>(threads, n), 1, kMostLanes));
  std::array<std::uint32_t, kMostLanes + 1> first;
  for (int lane = 0; lane <= lanes; ++lane) first[static_cast<std::size_t>(lane)] = static_cast<std::uint32_t>(lane);
  struct Sections {
    F& f;
    std::int64_t n;
    int lanes;
  } sections{f, n, lanes};
  const auto run = [](void* context, std::uint32_t task, std::uint32_t, int) {
    const Sections& s = *static_cast<const Sections*>(context);
    s.f(s.n * task / s.lanes, s.n * (task + 1) / s.lanes);
  };
  if (lanes == 1 || !run_together({lanes, {first.data(), static_cast<std::size_t>(lanes) + 1}, {}, run, &sections}))
    f(std::int64_t{0}, n);
}

}  // namespace cornu::graph::internal
