#include "cornu/graph/plan/internal/body_plan.h"

#include <algorithm>

#include "cornu/graph/check.h"
#include "cornu/graph/passes/passes.h"
#include "cornu/graph/plan/internal/plan.h"
#include "cornu/graph/plan/internal/stages.h"
#include "cornu/graph/plan/internal/team.h"

namespace cornu::graph::internal {

struct BodyPlan::Cut {
  Stages stages;
  std::vector<std::uint32_t> ends;  // of each stage, its rounds counted as stages
};

BodyPlan::BodyPlan(const Outputs& body, const Specs& parameters, int threads) {
  const passes::Disabled no_forms("layout");  // what depends on constants alone is the business of who plans the loop
  plan_ = std::make_unique<const Plan>(body, parameters, threads);
  const auto& steps = plan_->steps();
  if (std::none_of(steps.begin(), steps.end(), [](const Plan::Step& step) { return step.kernel.parts > 1; })) return;
  lanes_ = std::clamp(threads, 1, kMostLanes);
  auto cut = std::make_unique<Cut>();
  cut->stages = stages_of(steps, lanes_);
  std::uint32_t end = 0;
  for (const std::uint32_t rounds : cut->stages.rounds) cut->ends.push_back(end += rounds);
  stages_ = static_cast<int>(end);
  cut_ = std::move(cut);
}

BodyPlan::~BodyPlan() = default;

std::size_t BodyPlan::scratch() const { return plan_->workspace_bytes(); }

double BodyPlan::flops() const {
  double flops = 0;
  for (const Plan::Step& step : plan_->steps()) flops += step.kernel.flops;
  return flops;
}

std::size_t BodyPlan::steps() const { return plan_->steps().size(); }

double BodyPlan::seconds() const {
  constexpr double kOperations = 1e11, kBytes = 2e10;  // a second, of a product and through the cache
  double bytes = 0;
  for (const Plan::Step& step : plan_->steps()) bytes += static_cast<double>(step.bytes);
  return flops() / kOperations + bytes / kBytes;
}

struct BodyRun::Lane {
  struct Bound {
    const void** src;
    void** dst;
    void* scratch;
  };
  struct Patch {
    void** pointer;
    std::size_t index;
  };
  std::vector<void*> pointers;
  std::vector<Bound> steps;
  std::vector<Patch> arguments, results, blocks;
  std::byte* block = nullptr;
};

BodyRun::BodyRun(std::shared_ptr<const BodyPlan> plan)
    : plan_(std::move(plan)), lanes_(static_cast<std::size_t>(plan_->lanes())) {
  const auto& steps = plan_->plan_->steps();
  for (const Plan::Step& step : steps) launches_.push_back(step.kernel.make());
  for (std::size_t number = 0; number < lanes_.size(); ++number) {
    Lane& lane = lanes_[number];
    std::size_t count = 0;
    for (const Plan::Step& step : steps) count += step.src.size() + step.dst.size() + 1;
    lane.pointers.resize(count);
    void** next = lane.pointers.data();
    const auto bind = [&](const Plan::Place& place, bool runs_here) {
      switch (place.kind) {
        case Plan::Place::argument:
          if (runs_here) lane.arguments.push_back({next, place.index});
          break;
        case Plan::Place::result:
          if (runs_here) lane.results.push_back({next, place.index});
          break;
        case Plan::Place::arena:
          lane.blocks.push_back({next, place.index});
          break;
        case Plan::Place::fixed:
          *next = place.address;
          break;
        case Plan::Place::form:
          throw Error("a body has no kept forms");
      }
      return next++;
    };
    const auto bind_all = [&](const std::vector<Plan::Place>& places, bool runs_here) {
      void** first = next;
      for (const auto& place : places) bind(place, runs_here);
      return first;
    };
    for (const Plan::Step& step : steps) {
      const bool here = step.kernel.parts > 1 || static_cast<std::size_t>(step.owner) % lanes_.size() == number;
      auto* src = const_cast<const void**>(bind_all(step.src, here));
      void** dst = bind_all(step.dst, here);
      lane.steps.push_back({src, dst, nullptr});
    }
  }
}

BodyRun::~BodyRun() = default;

void BodyRun::point(int lane, const void* const* arguments, void* const* results, void* scratch) {
  Lane& to = lanes_[static_cast<std::size_t>(lane)];
  for (const Lane::Patch& patch : to.arguments) *patch.pointer = const_cast<void*>(arguments[patch.index]);
  for (const Lane::Patch& patch : to.results) *patch.pointer = results[patch.index];
  auto* block = static_cast<std::byte*>(scratch);
  if (block == to.block) return;
  to.block = block;
  for (const Lane::Patch& patch : to.blocks) *patch.pointer = block + patch.index;
  const auto& steps = plan_->plan_->steps();
  for (std::size_t i = 0; i < steps.size(); ++i) to.steps[i].scratch = block + steps[i].scratch.index;
}

void BodyRun::run(int lane, int stage) const {
  const Lane& of = lanes_[static_cast<std::size_t>(lane)];
  const auto& steps = plan_->plan_->steps();
  const auto launch = [&](std::size_t i, int part, int phase) {
    const Lane::Bound& step = of.steps[i];
    launches_[i]({step.src, step.dst, step.scratch, part, steps[i].kernel.parts, phase});
  };
  if (!plan_->cut_) {
    for (std::size_t i = 0; i < steps.size(); ++i)
      for (int phase = 0; phase < steps[i].kernel.phases; ++phase) launch(i, 0, phase);
    return;
  }
  const Stages& stages = plan_->cut_->stages;
  const auto& ends = plan_->cut_->ends;
  const auto number = static_cast<std::uint32_t>(stage);
  const auto at = static_cast<std::size_t>(std::upper_bound(ends.begin(), ends.end(), number) - ends.begin());
  const std::size_t first = at * lanes_.size() + static_cast<std::size_t>(lane);
  for (std::uint32_t task = stages.first[first]; task < stages.first[first + 1]; ++task)
    stages.each_work(task, number - (ends[at] - stages.rounds[at]), launch);
}

}  // namespace cornu::graph::internal
