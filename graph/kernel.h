#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "cornu/graph/array.h"

namespace cornu::graph {

/// What a kernel gets when it runs: one pointer per input and output, and its scratch memory (64-byte aligned).
struct Call {
  const void* const* src = nullptr;
  void* const* dst = nullptr;
  void* scratch = nullptr;

  template <class T>
  const T* in(int i = 0) const { return static_cast<const T*>(src[i]); }
  template <class T>
  T* out(int i = 0) const { return static_cast<T*>(dst[i]); }
};

/// Runs once; allocates nothing. One launch serves one workspace, so it may own state such as oneDNN memory objects.
using Launch = std::function<void(const Call&)>;

/// How an op is computed for given specs: made once per plan, immutable, shared by threads.
struct Kernel {
  std::function<Launch()> make;  ///< called once per workspace
  std::size_t scratch = 0;       ///< bytes of scratch memory that a run needs
  std::string implementation;    ///< for profiles: "native", "brg:avx512_core", …

  /// A kernel without state of its own.
  static Kernel native(Launch launch) { return {[launch = std::move(launch)] { return launch; }, 0, "native"}; }
};

/// What an op is asked to plan: static specs of its inputs and outputs, and the number of threads it will run on.
struct PlanRequest {
  const Specs& in;
  const Specs& out;
  int threads = 1;
};

}  // namespace cornu::graph
