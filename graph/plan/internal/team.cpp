#include "cornu/graph/plan/internal/team.h"

#include <linux/futex.h>
#include <omp.h>
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <climits>
#include <cstdlib>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace cornu::graph::internal {
namespace {

// Waking a sleeping thread takes some tens of microseconds, so a thread looks for work for about that long before it
// sleeps. Beside a program that keeps the processors busy, looking longer would use up the time that the system grants
// to the two threads together.
std::chrono::nanoseconds spinning() {
  static const std::chrono::microseconds time = [] {
    const char* policy = std::getenv("OMP_WAIT_POLICY");
    const bool passive = policy && (std::string_view(policy) == "passive" || std::string_view(policy) == "PASSIVE");
    return std::chrono::microseconds(passive ? 0 : 60);
  }();
  return time;
}

thread_local bool in_team = false;  // this is a worker

class Team {
 public:
  /// The process's team, made at first use and never freed: other threads may look at it until the process has ended.
  static Team& get();

  std::atomic<int> calls{0};  // see SharedCall

  bool run(const Tasks& tasks) {
    if (in_use_.exchange(true, std::memory_order_acquire)) return false;
    hire(tasks.lanes - 1);
    tasks_ = &tasks;
    stages_ = static_cast<std::uint32_t>((tasks.first.size() - 1) / static_cast<std::size_t>(tasks.lanes));
    finished_.store(stages_ == 0, std::memory_order_relaxed);
    if (stages_ > 0) open(0, 0);
    for (;;) {
      const int seen = signal_.load(std::memory_order_acquire);
      if (take_task(0)) continue;
      if (finished_.load(std::memory_order_acquire)) break;
      wait(seen);
    }
    in_use_.store(false, std::memory_order_release);
    return true;
  }

  /// Ends the workers. A call that is running goes on without them.
  void dismiss() {
    stopped_.store(true, std::memory_order_release);
    signal(true);
    for (std::thread& worker : workers_) in_team ? worker.detach() : worker.join();
  }

 private:
  static constexpr std::uint64_t kOne = 1, kLeft = 0xffffffff;

  // How many tasks of the stage nobody has taken yet, in the lower half, and how many lanes there are, in the upper. A
  // thread that takes a task from such a number needs no other knowledge: as long as its task is not done, the stage
  // cannot end.
  struct alignas(64) Lane {
    std::atomic<std::uint64_t> open{0};
  };

  std::uint32_t first(std::uint32_t stage, int lane) const {
    return tasks_->first[static_cast<std::size_t>(stage) * static_cast<std::size_t>(tasks_->lanes) +
                         static_cast<std::size_t>(lane)];
  }

  void open(std::uint32_t stage, std::uint32_t round) {
    const int lanes = tasks_->lanes;
    const std::uint32_t total = first(stage, lanes) - first(stage, 0);
    stage_ = stage;
    round_ = round;
    undone_.store(total, std::memory_order_relaxed);
    lanes_in_use_.store(lanes, std::memory_order_relaxed);
    // Once a lane is open, a stage that others finish may open the next one: nothing of this one is read after the
    // last lane is open.
    const std::uint64_t count = static_cast<std::uint64_t>(lanes) << 32;
    std::array<std::uint32_t, kMostLanes> sizes;
    for (int lane = 0; lane < lanes; ++lane)
      sizes[static_cast<std::size_t>(lane)] = first(stage, lane + 1) - first(stage, lane);
    for (int lane = 0; lane < lanes; ++lane)
      lanes_[static_cast<std::size_t>(lane)].open.store(count | sizes[static_cast<std::size_t>(lane)],
                                                        std::memory_order_release);
    signal(total > 1);  // a single task is done by the thread that opened its stage
  }

  bool take_task(int thread) {
    const int lanes = lanes_in_use_.load(std::memory_order_relaxed);
    for (int k = 0; k < lanes; ++k) {
      const int lane = thread + k < lanes ? thread + k : thread + k - lanes;
      if (lane >= lanes) return false;  // the team is smaller than this thread's number
      auto& open = lanes_[static_cast<std::size_t>(lane)].open;
      std::uint64_t now = open.load(std::memory_order_acquire);
      while ((now & kLeft) != 0 && (now >> 32) > static_cast<std::uint64_t>(thread)) {
        if (!open.compare_exchange_weak(now, now - kOne, std::memory_order_acq_rel, std::memory_order_acquire))
          continue;
        tasks_->run(tasks_->context, first(stage_, lane + 1) - static_cast<std::uint32_t>(now & kLeft), round_, thread);
        done(thread);
        return true;
      }
    }
    return false;
  }

  void done(int thread) {
    if (undone_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    if (!tasks_->rounds.empty() && round_ + 1 < tasks_->rounds[stage_]) return open(stage_, round_ + 1);
    if (stage_ + 1 < stages_) return open(stage_ + 1, 0);
    finished_.store(true, std::memory_order_release);
    if (thread != 0) signal(true);  // only the caller waits for the end
  }

  // Something has changed; those who sleep are woken if it may concern them.
  void signal(bool wake) {
    signal_.fetch_add(1);
    if (wake && sleeping_.load() > 0) futex(FUTEX_WAKE_PRIVATE, INT_MAX);
  }
  // std::atomic's wait yields before it sleeps. A thread that yields beside a program which keeps the processor busy
  // gives away the rest of its time slice each time: it then ran for a third of the time instead of half.
  void futex(int operation, int value) {
    static_assert(sizeof signal_ == sizeof(int) && std::atomic<int>::is_always_lock_free);
    syscall(SYS_futex, reinterpret_cast<int*>(&signal_), operation, value, nullptr, nullptr, 0);
  }

  void wait(int seen) {
    const auto time = spinning();
    if (time.count() > 0) {
      const auto end = std::chrono::steady_clock::now() + time;
      do {
        for (int i = 0; i < 32; ++i) {
          if (signal_.load(std::memory_order_acquire) != seen) return;
#if defined(__x86_64__)
          _mm_pause();
#endif
        }
      } while (std::chrono::steady_clock::now() < end);
    }
    sleeping_.fetch_add(1);
    futex(FUTEX_WAIT_PRIVATE, seen);  // returns at once if something has changed
    sleeping_.fetch_sub(1);
  }

  void hire(int workers) {
    while (static_cast<int>(workers_.size()) < workers && !stopped_.load(std::memory_order_relaxed)) {
      // Signals are for the program's own threads, but for those that a fault of this thread raises and for profilers.
      sigset_t blocked, before;
      sigfillset(&blocked);
      for (const int own : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS, SIGPROF})
        sigdelset(&blocked, own);
      pthread_sigmask(SIG_SETMASK, &blocked, &before);
      bool started = true;
      try {
        workers_.emplace_back([this, thread = static_cast<int>(workers_.size()) + 1] { serve(thread); });
      } catch (const std::system_error&) {  // no more threads may be started: those that are there do the work
        started = false;
      }
      pthread_sigmask(SIG_SETMASK, &before, nullptr);
      if (!started) return;
    }
  }

  void serve(int thread) {
    in_team = true;
    omp_set_num_threads(1);
    for (;;) {
      const int seen = signal_.load(std::memory_order_acquire);
      if (stopped_.load(std::memory_order_acquire)) return;
      if (!take_task(thread)) wait(seen);
    }
  }

  std::atomic<bool> in_use_{false}, stopped_{false};
  std::vector<std::thread> workers_;  // changed by the call that uses the team

  // Of the stage that is running: written before its lanes are open, and read only by who has taken a task.
  const Tasks* tasks_ = nullptr;
  std::uint32_t stages_ = 0, stage_ = 0, round_ = 0;
  std::atomic<std::uint32_t> undone_{0};
  std::atomic<bool> finished_{false};
  std::atomic<int> lanes_in_use_{0};
  std::array<Lane, kMostLanes> lanes_;

  alignas(64) std::atomic<int> signal_{0};
  std::atomic<int> sleeping_{0};
};

std::atomic<Team*> current{nullptr};

Team& Team::get() {
  if (Team* team = current.load(std::memory_order_acquire)) return *team;
  static const bool made = [] {
    current.store(new Team, std::memory_order_release);
    // The threads of a team do not live in a forked process, and what they were at will never be finished there.
    pthread_atfork(nullptr, nullptr, [] { current.store(new Team, std::memory_order_release); });
    static const struct AtExit {
      ~AtExit() { current.load()->dismiss(); }
    } at_exit;
    return true;
  }();
  static_cast<void>(made);
  return *current.load(std::memory_order_acquire);
}

}  // namespace

bool run_together(const Tasks& tasks) { return Team::get().run(tasks); }

SharedCall::SharedCall() : alone_(Team::get().calls.fetch_add(1, std::memory_order_acquire) == 0) {}
SharedCall::~SharedCall() { Team::get().calls.fetch_sub(1, std::memory_order_release); }

}  // namespace cornu::graph::internal
