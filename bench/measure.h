#pragma once

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <string>
#include <vector>

namespace bench {

inline double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// What so many of the samples do not exceed: 0.5 is the median.
inline double quantile(std::vector<double> samples, double part) {
  std::sort(samples.begin(), samples.end());
  return samples.at(std::min(samples.size() - 1, static_cast<std::size_t>(part * static_cast<double>(samples.size()))));
}
inline double median(const std::vector<double>& samples) { return quantile(samples, 0.5); }

/// Seconds of each of `n` calls, after some that do not count.
template <class F>
std::vector<double> seconds_of(int n, int before, F&& call) {
  for (int i = 0; i < before; ++i) call();
  std::vector<double> seconds;
  seconds.reserve(static_cast<std::size_t>(n));
  for (int i = 0; i < n; ++i) {
    const double start = now();
    call();
    seconds.push_back(now() - start);
  }
  return seconds;
}

inline double peak_rss_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

inline double rss_mb() {
  std::ifstream statm("/proc/self/statm");
  long pages = 0, resident = 0;
  statm >> pages >> resident;
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1024 * 1024);
}

}  // namespace bench
