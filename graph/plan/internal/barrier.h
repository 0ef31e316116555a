#pragma once

#include <atomic>
#include <cstdlib>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace cornu::graph::internal {

/// Where the threads of a team wait for each other. OpenMP's own barrier goes to sleep at once when there are more
/// threads than processors in all pools of the process together, even if only one pool is at work; waking up costs more
/// than a small step. Here a thread looks again and again for some microseconds before it sleeps, unless
/// OMP_WAIT_POLICY=passive says not to.
class Barrier {
 public:
  void wait(int team) {
    const int now = round_.load(std::memory_order_relaxed);
    if (arrived_.fetch_add(1, std::memory_order_acq_rel) + 1 == team) {
      arrived_.store(0, std::memory_order_relaxed);
      round_.fetch_add(1, std::memory_order_release);
      round_.notify_all();
      return;
    }
    for (int i = spins(); i > 0; --i) {
      if (round_.load(std::memory_order_acquire) != now) return;
#if defined(__x86_64__)
      _mm_pause();
#endif
    }
    while (round_.load(std::memory_order_acquire) == now) round_.wait(now, std::memory_order_acquire);
  }

 private:
  static int spins() {
    static const int n = [] {
      const char* policy = std::getenv("OMP_WAIT_POLICY");
      return policy && (std::strcmp(policy, "passive") == 0 || std::strcmp(policy, "PASSIVE") == 0) ? 0 : 20'000;
    }();
    return n;
  }
  std::atomic<int> arrived_{0}, round_{0};
};

}  // namespace cornu::graph::internal
