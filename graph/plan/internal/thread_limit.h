#pragma once

#include <omp.h>

namespace cornu::graph::internal {

/// How many OpenMP threads are started from this thread while this lives. oneDNN decides on its blocking by this number
/// when a primitive is made, and starts as many when one runs outside of a parallel region: primitives are made and run
/// under the limit of 1, as parts of kernels.
class ThreadLimit {
 public:
  explicit ThreadLimit(int threads) : before_(omp_get_max_threads()), threads_(threads) {
    if (threads_ != before_) omp_set_num_threads(threads_);
  }
  ~ThreadLimit() {
    if (threads_ != before_) omp_set_num_threads(before_);
  }
  ThreadLimit(const ThreadLimit&) = delete;
  ThreadLimit& operator=(const ThreadLimit&) = delete;

 private:
  int before_, threads_;
};

}  // namespace cornu::graph::internal
