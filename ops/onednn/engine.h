#pragma once

#include <dnnl.h>

#include "cornu/ops/onednn/handle.h"

namespace cornu::ops::onednn {

/// The CPU engine of this process, made at first use. oneDNN's cache of primitives is capped then (plans own theirs), unless the
/// environment says DNNL_PRIMITIVE_CACHE_CAPACITY or ONEDNN_PRIMITIVE_CACHE_CAPACITY.
dnnl_engine_t engine();

/// A new in-order stream. On the CPU a primitive has finished when its execute returns.
Stream make_stream();

/// OpenMP threads that oneDNN and native loops started from this thread use, while this lives. oneDNN decides on its blocking by this number
/// when a primitive is made, so primitives are made and run under equal ones.
class ThreadLimit {
 public:
  explicit ThreadLimit(int threads);
  ~ThreadLimit();
  ThreadLimit(const ThreadLimit&) = delete;
  ThreadLimit& operator=(const ThreadLimit&) = delete;

 private:
  int before_, threads_;
};

}  // namespace cornu::ops::onednn
