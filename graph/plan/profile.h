#pragma once

#include <iosfwd>
#include <span>
#include <string>
#include <vector>

#include "cornu/graph/array/array.h"

namespace cornu::graph {

class Plan;

/// What the steps of a planned computation took, over some calls. Made by `Function::profile`.
///
///     const auto profile = step.profile({x, y}, 100);
///     std::cout << profile;                        // a table, the most expensive step first
///     profile.write_chrome_trace("step.json");     // for ui.perfetto.dev or chrome://tracing
class CORNU_EXPORT Profile {
 public:
  /// One planned step. Times are medians over the calls, in seconds.
  struct Entry {
    std::string name;   ///< of the node, unique (graph/node_names.h): "gradients/dense_1/matmul_1"; "copy" of what
                        ///< copies a result
    std::string scope;  ///< its name scope: "dense_1", "gradients/dense_1"
    std::string op;     ///< "matmul", "fused", …
    std::string implementation;  ///< "brg:avx512_core", "jit:avx512", "native", …
    double begin = 0;            ///< after the begin of the last call, in seconds
    double seconds = 0;          ///< from the first thread's begin to the last one's end
    double flops = 0;            ///< floating point operations; 0 where nobody counts them
    std::size_t bytes = 0;       ///< read and written
    int parts = 1;               ///< how many threads can share it
    Specs outputs;
    double gflops() const { return seconds > 0 ? flops / seconds * 1e-9 : 0; }
  };

  /// Of one thread at one step, in seconds since the call began; zeros if it had no part in it.
  struct Interval {
    double begin = 0, end = 0;
  };

  /// Of no calls yet.
  explicit Profile(const Plan& plan);
  /// One call, timed.
  void run(const Plan& plan, std::span<const Array> arguments, std::span<const Array> results);

  int calls() const { return static_cast<int>(recorded_.size()); }
  /// A step each, in the order of running.
  std::vector<Entry> entries() const;
  /// When the last call began, in seconds since 1970; 0 before.
  double last_call() const { return last_call_; }
  /// Median time of a whole call.
  double seconds() const;
  /// The table: for each op and implementation, then for each step, time, share, calls, GFLOP/s and bytes.
  std::string to_string() const;
  /// Every step of every call with its thread, as the JSON of Chrome's trace event format. Throws IoError if the file
  /// cannot be written.
  void write_chrome_trace(const std::string& path) const;

 private:
  struct Call {
    double begin, end;                // since the first call
    std::vector<Interval> intervals;  // a step's for each thread
  };
  int threads_;
  std::vector<Entry> steps_;  // without times
  std::vector<Call> recorded_;
  double start_ = 0, last_call_ = 0;
};
std::ostream& operator<<(std::ostream&, const Profile&);

}  // namespace cornu::graph

namespace cornu {
using graph::Profile;
}  // namespace cornu
