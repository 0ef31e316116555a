#include "cornu/graph/plan/internal/plan.h"

#include <omp.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <optional>

#include "cornu/graph/check.h"
#include "cornu/graph/op.h"
#include "cornu/graph/passes/passes.h"
#include "cornu/graph/plan/internal/arena_pool.h"
#include "cornu/graph/plan/internal/published.h"
#include "cornu/graph/plan/internal/spares.h"
#include "cornu/graph/plan/internal/stages.h"
#include "cornu/graph/plan/internal/team.h"
#include "cornu/graph/plan/internal/thread_limit.h"

namespace cornu::graph {

// Values of the kept forms for some state of the variables. Nobody writes them any more once they are published: a call
// that began before a variable changed goes on with those it began with.
struct Plan::Forms {
  std::uint64_t versions = 0;  // of the variables together, plus one
  std::vector<Array> arrays;
};

// What one running call needs: every step's launch, the pointers that the launches get, and while it runs a block of
// memory to which many of them point.
struct Plan::Workspace {
  struct Bound {
    Launch launch;
    const void** src;
    void** dst;
    void* scratch;
    std::size_t scratch_at;  // in the block
    int parts, phases;
  };
  struct Patch {  // a pointer that every call sets anew
    void** pointer;
    std::size_t index;
  };

  explicit Workspace(const Plan& plan) {
    std::size_t count = 0;
    for (const Step& step : plan.steps_) count += step.src.size() + step.dst.size();
    pointers.resize(count);
    void** next = pointers.data();
    const auto bind = [&](const std::vector<Place>& places) {
      void** first = next;
      for (const Place& place : places) {
        switch (place.kind) {
          case Place::argument:
            arguments.push_back({next, place.index});
            break;
          case Place::result:
            results.push_back({next, place.index});
            break;
          case Place::form:
            forms.push_back({next, place.index});
            break;
          case Place::arena:
            blocks.push_back({next, place.index});
            break;
          case Place::fixed:
            *next = place.address;
            break;
        }
        ++next;
      }
      return first;
    };
    for (const Step& step : plan.steps_) {
      auto* src = const_cast<const void**>(bind(step.src));
      void** dst = bind(step.dst);
      steps.push_back(
          {step.kernel.make(), src, dst, nullptr, step.scratch.index, step.kernel.parts, step.kernel.phases});
    }
  }

  // Mostly it is the block of the call before.
  void point_to(std::byte* base) {
    if (base == block) return;
    block = base;
    for (const Patch& patch : blocks) *patch.pointer = base + patch.index;
    for (Bound& step : steps) step.scratch = base + step.scratch_at;
  }
  static void point(const std::vector<Patch>& patches, std::span<const Array> arrays) {
    for (const Patch& patch : patches) *patch.pointer = arrays[patch.index].bytes();
  }

  std::byte* block = nullptr;
  std::vector<void*> pointers;
  std::vector<Bound> steps;
  std::vector<Patch> arguments, results, forms, blocks;
  std::atomic<bool> failed{false};
  std::exception_ptr error;  // of the first part that failed
};

struct Plan::State {
  internal::Stages stages;
  internal::Spares<Workspace> workspaces;
  internal::Published<std::shared_ptr<const Forms>> forms{std::make_unique<const std::shared_ptr<const Forms>>()};
  std::mutex preparing;
};

Plan::Plan(const Outputs& outputs, Specs arguments, int threads, std::shared_ptr<internal::ArenaPool> pool)
    : Plan(outputs, std::move(arguments), threads, std::move(pool), passes::enabled("layout")) {}

Plan::Plan(const Outputs& outputs, Specs arguments, int threads, std::shared_ptr<internal::ArenaPool> pool,
           bool keeps_forms)
    : outputs_(outputs),
      arguments_(std::move(arguments)),
      threads_(threads),
      memory_(pool ? std::move(pool) : std::make_shared<internal::ArenaPool>()),
      state_(std::make_unique<State>()) {
  for (const Tensor& tensor : outputs.tensors()) results_.push_back(tensor.spec());
  build(outputs, keeps_forms);
  if (shared_) state_->stages = internal::stages_of(steps_, std::clamp(threads_, 1, internal::kMostLanes));
}

Plan::~Plan() = default;

// Versions only grow, so their sum tells whether one has changed. Whoever comes first does the work, the others wait
// for it that once.
std::shared_ptr<const Plan::Forms> Plan::forms() const {
  if (!preparation_) return nullptr;
  std::uint64_t versions = 1;
  for (const Variable& variable : preparation_->read_) versions += variable.version();
  const auto newest = [&] { return state_->forms.read([](const auto& forms) { return forms; }); };
  if (auto forms = newest(); forms && forms->versions == versions) return forms;
  const std::lock_guard lock(state_->preparing);
  if (auto forms = newest(); forms && forms->versions >= versions) return forms;
  auto fresh = std::make_shared<Forms>();
  fresh->versions = versions;
  for (const Spec& spec : forms_) fresh->arrays.emplace_back(spec);
  preparation_->run({}, fresh->arrays);
  state_->forms.replace(std::make_unique<const std::shared_ptr<const Forms>>(fresh));
  return fresh;
}

std::size_t Plan::kept_bytes() const {
  // Measured with two parts a kernel: a product or a binary operation of oneDNN, with its machine code, takes 50 to 60
  // KB.
  constexpr std::size_t kCompiled = 56 << 10, kLoop = 2 << 10, kRest = 16 << 10;
  std::size_t bytes = kRest + (preparation_ ? preparation_->kept_bytes() : 0);
  for (const Step& step : steps_) bytes += step.kernel.implementation.starts_with("native") ? kLoop : kCompiled;
  for (const Spec& spec : forms_) bytes += spec.bytes();
  return bytes;
}

// The calling thread does all parts of all steps.
void Plan::run_alone(Workspace& workspace, std::span<Interval> times) const {
  const internal::ThreadLimit one(1);
  const double start = times.empty() ? 0 : omp_get_wtime();
  for (std::size_t i = 0; i < workspace.steps.size(); ++i) {
    const Workspace::Bound& step = workspace.steps[i];
    const double begin = times.empty() ? 0 : omp_get_wtime() - start;
    for (int phase = 0; phase < step.phases; ++phase)
      for (int part = 0; part < step.parts; ++part)
        step.launch({step.src, step.dst, step.scratch, part, step.parts, phase});
    if (!times.empty()) times[i * static_cast<std::size_t>(threads_)] = {begin, omp_get_wtime() - start};
  }
}

void Plan::run_together(Workspace& workspace, std::span<Interval> times) const {
  struct Job {
    const internal::Stages& stages;
    Workspace& workspace;
    std::span<Interval> times;
    std::size_t threads;
    double start;

    void run(std::uint32_t number, int part, int phase, int thread) const {
      const Workspace::Bound& step = workspace.steps[number];
      const double begin = times.empty() ? 0 : omp_get_wtime() - start;
      try {  // no exception may leave a task
        if (!workspace.failed.load(std::memory_order_relaxed))
          step.launch({step.src, step.dst, step.scratch, part, step.parts, phase});
      } catch (...) {
        if (!workspace.failed.exchange(true)) workspace.error = std::current_exception();
      }
      if (times.empty()) return;
      Interval& own = times[number * threads + static_cast<std::size_t>(thread)];
      if (own.end == 0) own.begin = begin;
      own.end = omp_get_wtime() - start;
    }
  };
  const Job job{state_->stages, workspace, times, static_cast<std::size_t>(threads_),
                times.empty() ? 0 : omp_get_wtime()};
  const auto run = [](void* context, std::uint32_t task, std::uint32_t round, int thread) {
    const Job& job = *static_cast<const Job*>(context);
    job.stages.each_work(task, round,
                         [&](std::uint32_t step, int part, int phase) { job.run(step, part, phase, thread); });
  };
  {
    const internal::ThreadLimit one(1);
    if (!internal::run_together({job.stages.lanes, job.stages.first, job.stages.rounds, run, const_cast<Job*>(&job)}))
      return run_alone(workspace, times);
  }
  if (workspace.failed.exchange(false)) std::rethrow_exception(std::exchange(workspace.error, nullptr));
}

void Plan::run(std::span<const Array> arguments, std::span<const Array> results, std::span<Interval> times) const {
  struct Lease {
    const Plan& plan;
    std::shared_ptr<const Forms> forms;
    std::unique_ptr<Workspace> workspace;
    std::unique_ptr<Array> block;
    ~Lease() {
      if (block) plan.memory_->give_back(std::move(block));
      if (workspace) plan.state_->workspaces.give_back(std::move(workspace));
    }
  };
  Lease lease{*this, forms(), state_->workspaces.take(), nullptr};
  if (!lease.workspace) lease.workspace = std::make_unique<Workspace>(*this);
  Workspace& workspace = *lease.workspace;
  if (arena_bytes_ != 0) {
    lease.block = memory_->take(arena_bytes_);
    workspace.point_to(lease.block->bytes());
  }
  Workspace::point(workspace.arguments, arguments);
  Workspace::point(workspace.results, results);
  if (lease.forms) Workspace::point(workspace.forms, lease.forms->arrays);
  std::optional<internal::SharedCall> call;
  if (shared_) call.emplace();
  if (call && call->alone() && !omp_in_parallel())
    run_together(workspace, times);
  else
    run_alone(workspace, times);
  for (const Variable& variable : updated_) variable.touch();
}

std::string_view Plan::Step::op() const { return node ? node->op().name() : "copy"; }
std::string_view Plan::Step::scope() const { return node ? std::string_view(node->scope()) : std::string_view(); }

std::string Plan::describe() const {
  std::string text;
  if (preparation_) text += "when a variable has changed:\n" + preparation_->describe() + "in every call:\n";
  for (const Step& step : steps_) {
    text += message(step.wait ? "| " : "  ", step.scope(), step.scope().empty() ? "" : "/");
    if (step.node)
      text += message(to_string(step.node->op()), " -> ", step.node->outputs().at(0));
    else
      text += message("copy of ", step.bytes / 2, " bytes");
    text += message(" [", step.kernel.implementation);
    if (step.kernel.parts > 1) text += message(", ", step.kernel.parts, " parts");
    text += "]\n";
  }
  return text + message("arena ", arena_bytes_, " bytes, ", threads_, threads_ == 1 ? " thread\n" : " threads\n");
}

}  // namespace cornu::graph
