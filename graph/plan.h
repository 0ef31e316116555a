#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "cornu/graph/kernel.h"
#include "cornu/graph/outputs.h"

namespace cornu::graph {

/// A compiled computation: kernels in order, with the memory each reads and writes. Immutable but for its pool of workspaces;
/// threads share it, each running call has a workspace of its own.
class Plan {
 public:
  /// Plans an optimised computation whose parameters are `arguments`, for `threads` OpenMP threads.
  Plan(const Outputs& outputs, Specs arguments, int threads);
  ~Plan();
  Plan(const Plan&) = delete;

  const Specs& arguments() const { return arguments_; }
  const Specs& results() const { return results_; }
  int threads() const { return threads_; }
  /// Bytes of one workspace: the arena and the scratch memory.
  std::size_t workspace_bytes() const { return arena_bytes_ + scratch_bytes_; }
  /// Reads the arguments, writes the results and then the updated variables. Allocates nothing but the first workspaces.
  void run(std::span<const Array> arguments, std::span<const Array> results) const;
  /// The steps, a line each.
  std::string describe() const;

 private:
  // Where a value's bytes are while a call runs.
  struct Place {
    enum Kind { argument, result, arena, fixed } kind = arena;
    std::size_t index = 0;        // of the argument or result; the offset in the arena
    void* address = nullptr;      // of a variable's or constant's memory
  };
  struct Step {
    Kernel kernel;
    std::vector<Place> src, dst;
    std::string text;             // for describe()
  };
  struct Workspace;
  class Builder;

  Workspace* acquire() const;
  void release(Workspace* workspace) const;

  Specs arguments_, results_;
  int threads_;
  std::vector<Step> steps_;
  std::vector<Variable> read_, updated_;  // keeps the memory of variables alive
  std::vector<Array> constants_;
  std::size_t arena_bytes_ = 0, scratch_bytes_ = 0;

  static constexpr std::size_t kPool = 8;
  mutable std::array<std::atomic<Workspace*>, kPool> pool_{};
};

}  // namespace cornu::graph
