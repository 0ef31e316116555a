#include "cornu/graph/plan/internal/stages.h"

namespace cornu::graph::internal {
namespace {

class Cutter {
 public:
  explicit Cutter(int lanes) : open_(static_cast<std::size_t>(lanes)) {
    stages_.lanes = lanes;
    stages_.first.push_back(0);
  }

  void part(std::uint32_t step, int part, int phase) { lane(part).tasks.push_back({{step, part, phase}}); }

  // Steps of one owner follow one another in one task.
  void whole(std::uint32_t step, int owner, int phases) {
    Lane& to = lane(owner);
    if (to.chain < 0) {
      to.chain = static_cast<int>(to.tasks.size());
      to.tasks.emplace_back();
    }
    to.tasks[static_cast<std::size_t>(to.chain)].push_back({step, 0, 0, phases});
  }

  void end_stage(int rounds = 1) {
    const std::size_t before = stages_.begin.size();
    std::vector<std::uint32_t> first;
    for (Lane& lane : open_) {
      for (const auto& task : lane.tasks) {
        stages_.begin.push_back(static_cast<std::uint32_t>(stages_.work.size()));
        stages_.work.insert(stages_.work.end(), task.begin(), task.end());
      }
      first.push_back(static_cast<std::uint32_t>(stages_.begin.size()));
      lane = {};
    }
    if (stages_.begin.size() == before) return;
    stages_.first.insert(stages_.first.end(), first.begin(), first.end());
    stages_.rounds.push_back(static_cast<std::uint32_t>(rounds));
  }

  Stages finish() {
    end_stage();
    stages_.begin.push_back(static_cast<std::uint32_t>(stages_.work.size()));
    return std::move(stages_);
  }

 private:
  struct Lane {
    std::vector<std::vector<Stages::Work>> tasks;
    int chain = -1;  // the task of steps of one part
  };
  Lane& lane(int i) { return open_[static_cast<std::size_t>(i) % open_.size()]; }

  Stages stages_;
  std::vector<Lane> open_;  // of the stage that is being made
};

}  // namespace

Stages stages_of(const std::vector<Plan::Step>& steps, int lanes) {
  Cutter cutter(lanes);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Plan::Step& step = steps[i];
    const auto number = static_cast<std::uint32_t>(i);
    if (step.wait) cutter.end_stage();
    if (step.kernel.parts <= 1) {
      cutter.whole(number, step.owner, step.kernel.phases);
      continue;
    }
    // The first phase may run beside what came before, the last one beside what follows; those between are rounds of
    // one stage.
    const auto phase = [&](int first) {
      for (int part = 0; part < step.kernel.parts; ++part) cutter.part(number, part, first);
    };
    const int last = step.kernel.phases - 1;
    if (last >= 0) phase(0);
    if (last > 1) {
      cutter.end_stage();
      phase(1);
      cutter.end_stage(last - 1);
    } else if (last > 0) {
      cutter.end_stage();
    }
    if (last > 0) phase(last);
  }
  return cutter.finish();
}

}  // namespace cornu::graph::internal
