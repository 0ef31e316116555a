#include <algorithm>
#include <utility>

#include "cornu/graph/plan/internal/plan.h"

namespace cornu::graph {
namespace {

bool overlap(const std::vector<Plan::Place>& a, const std::vector<Plan::Place>& b) {
  for (const auto& x : a)
    for (const auto& y : b)
      if (x.overlaps(y)) return true;
  return false;
}

bool has_effect(const Plan::Step& step) { return step.node && step.node->op().traits().effect > 0; }

// Whether one writes what the other reads or writes; scratch memory is written, and so is what sees effects.
bool conflict(const Plan::Step& a, const Plan::Step& b) {
  if (has_effect(a) && has_effect(b)) return true;
  const auto touches = [](const Plan::Step& step, const Plan::Place& scratch) {
    const auto hit = [&](const Plan::Place& place) { return place.overlaps(scratch); };
    return std::any_of(step.src.begin(), step.src.end(), hit) || std::any_of(step.dst.begin(), step.dst.end(), hit) ||
           step.scratch.overlaps(scratch);
  };
  return overlap(a.dst, b.src) || overlap(a.src, b.dst) || overlap(a.dst, b.dst) || touches(a, b.scratch) ||
         touches(b, a.scratch);
}

}  // namespace

bool Plan::Place::overlaps(const Place& other) const {
  if (bytes == 0 || other.bytes == 0 || kind != other.kind) return false;
  switch (kind) {
    case argument:
    case result:
    case form:
      return index == other.index;
    case arena:
      return index < other.index + other.bytes && other.index < index + bytes;
    case fixed: {
      const auto *a = static_cast<const char*>(address), *b = static_cast<const char*>(other.address);
      return a < b + other.bytes && b < a + bytes;
    }
  }
  return false;
}

void schedule_threads(std::vector<Plan::Step>& steps, int threads) {
  constexpr std::size_t kRunning = 64;  // steps that are looked at: waiting costs less than comparing more
  if (std::none_of(steps.begin(), steps.end(), [](const Plan::Step& step) { return step.kernel.parts > 1; })) return;
  std::size_t first = 0;  // of the steps that may still be running
  std::vector<std::size_t> load(static_cast<std::size_t>(std::max(threads, 1)), 0);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    Plan::Step& step = steps[i];
    int needed = -1;  // the one thread that runs everything this step depends on
    bool several = i - first >= kRunning;
    for (std::size_t j = first; j < i && !several; ++j) {
      if (!conflict(steps[j], step)) continue;
      several = steps[j].kernel.parts > 1 || step.kernel.parts > 1 || (needed >= 0 && needed != steps[j].owner);
      needed = steps[j].owner;
    }
    if (several) {
      step.wait = true;
      first = i;
      std::fill(load.begin(), load.end(), 0);
      needed = -1;
    }
    if (step.kernel.parts > 1) continue;
    step.owner = needed >= 0 ? needed : static_cast<int>(std::min_element(load.begin(), load.end()) - load.begin());
    load[static_cast<std::size_t>(step.owner)] += step.bytes;
  }
}

}  // namespace cornu::graph
