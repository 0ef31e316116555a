#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/graph/outputs.h"
#include "cornu/graph/plan/kernel.h"
#include "cornu/graph/plan/profile.h"

namespace cornu::graph {

namespace internal {
class ArenaPool;
}

/// A compiled computation: kernels in order, with the memory each reads and writes. Immutable but for its pool of
/// workspaces; threads share it, each running call has a workspace of its own.
///
/// A team of threads runs a whole call: each takes parts of the steps, and waits for the others only where a step needs
/// what another thread may still be at. Which thread does which part changes no bits: the parts are cut when the plan
/// is made. Calls that come while another one runs do all parts on their own thread.
class Plan {
 public:
  /// Plans an optimised computation whose parameters are `arguments`, for `threads` threads. Its calls take
  /// their memory from a pool that plans may share; by default one of its own.
  Plan(const Outputs& outputs, Specs arguments, int threads, std::shared_ptr<internal::ArenaPool> pool = nullptr);
  ~Plan();
  Plan(const Plan&) = delete;

  const Specs& arguments() const { return arguments_; }
  const Specs& results() const { return results_; }
  /// What it computes.
  const Outputs& outputs() const { return outputs_; }
  int threads() const { return threads_; }
  /// Bytes that a call takes from the pool.
  std::size_t workspace_bytes() const { return arena_bytes_; }
  /// Bytes, about, that it holds while nobody calls it: kernels and kept forms. What a kernel holds is a guess.
  std::size_t kept_bytes() const;
  /// Reads the arguments, writes the results and then the updated variables. Allocates nothing but the first
  /// workspaces.
  void run(std::span<const Array> arguments, std::span<const Array> results) const { run(arguments, results, {}); }

  /// What a thread did at a step in a timed run.
  using Interval = Profile::Interval;
  /// The same with times: one interval for each step and thread, at `step * threads() + thread`.
  void run(std::span<const Array> arguments, std::span<const Array> results, std::span<Interval> times) const;

  /// Where a value's bytes are while a call runs.
  struct Place {
    enum Kind { argument, result, form, arena, fixed } kind = arena;
    std::size_t index = 0;    ///< of the argument, result or kept form; the offset in the arena
    void* address = nullptr;  ///< of a variable's or constant's memory
    std::size_t bytes = 0;
    bool overlaps(const Place& other) const;
  };
  struct Step {
    Kernel kernel;
    std::vector<Place> src, dst;
    Place scratch;
    std::shared_ptr<const Node> node;  ///< that it computes; null for a copy
    std::size_t bytes = 0;             ///< that it reads and writes
    bool wait = false;                 ///< for all threads to have finished the steps before
    int owner = 0;                     ///< the thread to which a step of one part is given

    std::string_view op() const;     ///< the op's name, or "copy"
    std::string_view scope() const;  ///< where the node was made
  };
  const std::vector<Step>& steps() const { return steps_; }
  /// The steps, a line each.
  std::string describe() const;

 private:
  struct Forms;
  struct Workspace;
  struct State;
  class Builder;

  Plan(const Outputs& outputs, Specs arguments, int threads, std::shared_ptr<internal::ArenaPool> pool,
       bool keeps_forms);
  void build(const Outputs& outputs, bool keeps_forms);
  std::shared_ptr<const Forms> forms() const;
  void run_alone(Workspace& workspace, std::span<Interval> times) const;
  void run_together(Workspace& workspace, std::span<Interval> times) const;

  Outputs outputs_;
  Specs arguments_, results_;
  int threads_;
  std::vector<Step> steps_;
  bool shared_ = false;                   // some step has several parts
  std::vector<Variable> read_, updated_;  // keeps the memory of variables alive
  std::vector<Array> constants_;
  std::size_t arena_bytes_ = 0;
  std::shared_ptr<internal::ArenaPool> memory_;

  // What depends on variables alone that the plan does not change (passes/layout.h): computed by a plan of its own when
  // they have changed.
  Specs forms_;
  std::unique_ptr<const Plan> preparation_;

  std::unique_ptr<State> state_;  // what running needs
};

/// Decides which thread runs the steps of one part, and where threads must wait for each other: before a step that
/// touches memory which an unfinished step of another thread writes, or the other way round.
void schedule_threads(std::vector<Plan::Step>& steps, int threads);

/// Nodes in an order in which inputs come before users and, where possible, what reads a variable before what updates
/// it, so that the update can be written in place. Unless the pass "scheduling" is off, what frees memory goes first.
std::vector<std::shared_ptr<const Node>> schedule_nodes(const Outputs& outputs);

}  // namespace cornu::graph
