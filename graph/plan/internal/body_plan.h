#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "cornu/graph/outputs.h"
#include "cornu/graph/plan/kernel.h"

namespace cornu::graph {
class Plan;
}

namespace cornu::graph::internal {

/// A computation that a kernel runs within its own parts and phases, planned once: lanes become the kernel's parts,
/// stages its phases. What is run in stage s of one lane needs that all lanes have finished stage s - 1.
///
/// If no step of the computation is worth sharing, there is one lane and one stage. Immutable; threads share it.
class BodyPlan {
 public:
  /// Plans a computation whose parameters have those specs and which reads no variable.
  BodyPlan(const Outputs& body, const Specs& parameters, int threads);
  ~BodyPlan();
  BodyPlan(const BodyPlan&) = delete;
  BodyPlan& operator=(const BodyPlan&) = delete;

  int lanes() const { return lanes_; }
  int stages() const { return stages_; }  ///< at least 1
  std::size_t scratch() const;            ///< bytes of memory that a run needs, shared by the lanes
  double flops() const;
  std::size_t steps() const;
  /// What a run takes on one thread, roughly, in seconds: from the operations that its kernels count and the bytes that
  /// they touch.
  double seconds() const;

 private:
  friend class BodyRun;
  struct Cut;
  std::unique_ptr<const Plan> plan_;
  std::unique_ptr<const Cut> cut_;  // the steps as tasks of several lanes; null for one lane
  int lanes_ = 1, stages_ = 1;
};

/// What one workspace needs to run a body: launches, and for each lane the pointers that those get. A lane's thread
/// touches nothing of another lane's.
class BodyRun {
 public:
  explicit BodyRun(std::shared_ptr<const BodyPlan> plan);
  ~BodyRun();
  BodyRun(const BodyRun&) = delete;
  BodyRun& operator=(const BodyRun&) = delete;

  /// Sets the memory of the following runs of a lane: `arguments` and `results` point to one pointer each for the
  /// body's parameters and results.
  void point(int lane, const void* const* arguments, void* const* results, void* scratch);
  /// Runs what lies in a lane at a stage.
  void run(int lane, int stage) const;
  const BodyPlan& plan() const { return *plan_; }

 private:
  struct Lane;
  std::shared_ptr<const BodyPlan> plan_;
  std::vector<Launch> launches_;
  std::vector<Lane> lanes_;
};

}  // namespace cornu::graph::internal
