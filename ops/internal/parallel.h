#pragma once

#include <omp.h>

#include <cstdint>

namespace cornu::ops::internal {

/// Work, counted in elements, from which it pays to wake other threads.
inline constexpr std::int64_t kWorthSharing = 1 << 15;

/// Calls f(begin, end) for consecutive parts of [0, n): one per thread if there is work enough, else all at once. `f` must not throw.
template <class F>
void share(int threads, std::int64_t n, std::int64_t work, F&& f) {
  if (threads <= 1 || n < 2 || work < kWorthSharing) return f(std::int64_t{0}, n);
#pragma omp parallel num_threads(threads)
  {
    const std::int64_t part = omp_get_thread_num(), parts = omp_get_num_threads();
    f(n * part / parts, n * (part + 1) / parts);
  }
}

template <class F>
void share(int threads, std::int64_t n, F&& f) { share(threads, n, n, f); }

}  // namespace cornu::ops::internal
