#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "cornu/graph/array/array.h"

namespace cornu::graph {

/// What a kernel gets when it runs: one pointer per input and output, its scratch memory (64-byte aligned), and which
/// part of the work to do. A kernel with one part may ignore the rest.
struct Call {
  const void* const* src = nullptr;
  void* const* dst = nullptr;
  void* scratch = nullptr;  ///< shared by the parts
  int part = 0, parts = 1;
  int phase = 0;  ///< every part has finished the phases before

  template <class T>
  const T* in(int i = 0) const {
    return static_cast<const T*>(src[i]);
  }
  template <class T>
  T* out(int i = 0) const {
    return static_cast<T*>(dst[i]);
  }

  /// Calls f(begin, end) with this part's section of [0, n), unless it is empty.
  template <class F>
  void share(std::int64_t n, F&& f) const {
    const std::int64_t begin = n * part / parts, end = n * (part + 1) / parts;
    if (begin < end) f(begin, end);
  }
};

/// Runs one part; allocates nothing, throws nothing where there are several parts. One launch serves one workspace, so
/// it may own state such as oneDNN memory objects, one for each part.
using Launch = std::function<void(const Call&)>;

/// How an op is computed for given specs: made once per plan, immutable, shared by threads.
///
/// The work is cut into parts when it is planned, and that decides the bits of the result: whether one thread then does
/// all the parts or several do them side by side changes nothing but the time.
struct Kernel {
  std::function<Launch()> make;  ///< called once per workspace
  std::size_t scratch = 0;       ///< bytes of scratch memory that a run needs
  std::string implementation;    ///< for profiles: "native", "brg:avx512_core", …
  int parts = 1;                 ///< pieces of work that may run at the same time
  int phases = 1;                ///< rounds of all parts; a round sees what the whole round before it wrote
  double flops = 0;              ///< floating point operations of a run, for profiles; 0 if nobody counts them

  /// A kernel without state of its own, in one part.
  static Kernel native(Launch launch);
  /// The same in several: the launch looks at `call.part`, most easily through `call.share`.
  static Kernel native(int parts, Launch launch);
};

/// Runs all parts of all phases on the calling thread, for one call of a kernel outside a plan.
void run_alone(const Kernel& kernel, Call call);

/// Work, counted in simple operations on elements, from which it pays to share it among threads.
inline constexpr std::int64_t kWorthSharing = 1 << 14;

/// What an op is asked to plan: static specs of its inputs and outputs, and the number of threads that a run may use.
struct PlanRequest {
  const Specs& in;
  const Specs& out;
  int threads = 1;

  /// Parts for work of so many simple operations on elements: one per thread if that pays, else one.
  int parts(std::int64_t work) const { return work < kWorthSharing ? 1 : threads; }
};

}  // namespace cornu::graph
