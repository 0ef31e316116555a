#include "cornu/graph/plan/plan.h"

#include <omp.h>

#include <exception>
#include <optional>

#include "cornu/graph/check.h"
#include "cornu/graph/op.h"
#include "cornu/graph/passes/passes.h"
#include "cornu/graph/plan/internal/arena_pool.h"
#include "cornu/graph/plan/internal/barrier.h"
#include "cornu/graph/plan/internal/thread_limit.h"

namespace cornu::graph {

// What one running call needs: every step's launch, the pointers that the launches get, and while it runs a block of
// memory to which many of them point.
struct Plan::Workspace {
  struct Bound {
    Launch launch;
    const void** src;
    void** dst;
    void* scratch;
    std::size_t scratch_at;  // in the block
    int parts, phases, owner;
    bool wait;
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
      const Kernel& k = step.kernel;
      steps.push_back({k.make(), src, dst, nullptr, step.scratch.index, k.parts, k.phases, step.owner, step.wait});
    }
  }

  // Mostly it is the block of the call before.
  void point_to(std::byte* base) {
    if (base == block) return;
    block = base;
    for (const Patch& patch : blocks) *patch.pointer = base + patch.index;
    for (Bound& step : steps) step.scratch = base + step.scratch_at;
  }

  std::byte* block = nullptr;
  std::vector<void*> pointers;
  std::vector<Bound> steps;
  std::vector<Patch> arguments, results, blocks;
  internal::Barrier barrier;
  std::atomic<bool> failed{false};
  std::exception_ptr error;  // of the first part that failed
};

Plan::Plan(const Outputs& outputs, Specs arguments, int threads, std::shared_ptr<internal::ArenaPool> pool)
    : Plan(outputs, std::move(arguments), threads, std::move(pool), passes::enabled("layout")) {}

Plan::Plan(const Outputs& outputs, Specs arguments, int threads, std::shared_ptr<internal::ArenaPool> pool,
           bool keeps_forms)
    : outputs_(outputs),
      arguments_(std::move(arguments)),
      threads_(threads),
      memory_(pool ? std::move(pool) : std::make_shared<internal::ArenaPool>()) {
  for (const Tensor& tensor : outputs.tensors()) results_.push_back(tensor.spec());
  build(outputs, keeps_forms);
}

// Versions only grow, so their sum tells whether one has changed. Whoever comes first does the work, the others wait
// for it that once.
void Plan::prepare() const {
  std::uint64_t versions = 1;
  for (const Variable& variable : preparation_->read_) versions += variable.version();
  if (prepared_.load(std::memory_order_acquire) == versions) return;
  const std::lock_guard lock(preparing_);
  if (prepared_.load(std::memory_order_relaxed) == versions) return;
  preparation_->run({}, forms_);
  prepared_.store(versions, std::memory_order_release);
}

Plan::~Plan() {
  for (auto& slot : pool_) delete slot.load();
}

Plan::Workspace* Plan::acquire() const {
  for (auto& slot : pool_)
    if (slot.load(std::memory_order_relaxed) != nullptr)
      if (Workspace* workspace = slot.exchange(nullptr, std::memory_order_acq_rel)) return workspace;
  return new Workspace(*this);
}

void Plan::release(Workspace* workspace) const {
  for (auto& slot : pool_) {
    Workspace* none = nullptr;
    if (slot.compare_exchange_strong(none, workspace, std::memory_order_acq_rel)) return;
  }
  delete workspace;
}

namespace {

// How many calls with work to share run now.
std::atomic<int> running{0};

struct Running {
  bool alone = running.fetch_add(1, std::memory_order_acquire) == 0;
  ~Running() { running.fetch_sub(1, std::memory_order_release); }
};

}  // namespace

// What one thread of a team does. Alone it does all parts; then nobody needs to wait.
void Plan::work(Workspace& workspace, int thread, int team, std::span<Interval> times) const {
  const auto run_part = [&](const Workspace::Bound& step, int part, int phase) {
    if (team == 1) return step.launch({step.src, step.dst, step.scratch, part, step.parts, phase});
    try {  // no exception may leave a parallel region
      if (!workspace.failed.load(std::memory_order_relaxed))
        step.launch({step.src, step.dst, step.scratch, part, step.parts, phase});
    } catch (...) {
      if (!workspace.failed.exchange(true)) workspace.error = std::current_exception();
    }
  };
  const double start = times.empty() ? 0 : omp_get_wtime();
  for (std::size_t i = 0; i < workspace.steps.size(); ++i) {
    const Workspace::Bound& step = workspace.steps[i];
    if (step.wait && team > 1) workspace.barrier.wait(team);
    const bool mine = step.parts > 1 || team == 1 || step.owner % team == thread;
    const double begin = times.empty() || !mine ? 0 : omp_get_wtime() - start;
    for (int phase = 0; phase < step.phases; ++phase) {
      if (phase > 0 && step.parts > 1 && team > 1) workspace.barrier.wait(team);
      if (step.parts > 1) {
        for (int part = thread; part < step.parts; part += team) run_part(step, part, phase);
      } else if (mine) {
        run_part(step, 0, phase);
      }
    }
    if (!times.empty() && mine)
      times[i * static_cast<std::size_t>(threads_) + static_cast<std::size_t>(thread)] = {begin,
                                                                                          omp_get_wtime() - start};
  }
}

void Plan::run(std::span<const Array> arguments, std::span<const Array> results, std::span<Interval> times) const {
  struct Lease {
    const Plan& plan;
    Workspace* workspace;
    std::unique_ptr<Array> block;
    ~Lease() {
      if (block) plan.memory_->give_back(std::move(block));
      plan.release(workspace);
    }
  };
  if (preparation_) prepare();
  Lease lease{*this, acquire(), nullptr};
  Workspace& workspace = *lease.workspace;
  if (arena_bytes_ != 0) {
    lease.block = memory_->take(arena_bytes_);
    workspace.point_to(lease.block->bytes());
  }
  for (const auto& patch : workspace.arguments) *patch.pointer = arguments[patch.index].bytes();
  for (const auto& patch : workspace.results) *patch.pointer = results[patch.index].bytes();
  std::optional<Running> call;
  if (shared_) call.emplace();
  if (call && call->alone && !omp_in_parallel()) {
    // libgomp orders what comes before, in and after a region, but not so that the thread sanitizer sees it: the
    // threads capture nothing and take what they need from an atomic. One call at a time gets here.
    struct Job {
      const Plan& plan;
      Workspace& workspace;
      std::span<Interval> times;
    };
    static std::atomic<const Job*> begun{nullptr};
    static std::atomic<unsigned> ended{0};
    const Job mine{*this, workspace, times};
    begun.store(&mine, std::memory_order_release);
#pragma omp parallel num_threads(threads_)
    {
      const Job& job = *begun.load(std::memory_order_acquire);
      job.plan.work(job.workspace, omp_get_thread_num(), omp_get_num_threads(), job.times);
      ended.fetch_add(1, std::memory_order_release);
    }
    ended.load(std::memory_order_acquire);
    if (workspace.failed.exchange(false)) std::rethrow_exception(std::exchange(workspace.error, nullptr));
  } else {
    const internal::ThreadLimit one(1);
    work(workspace, 0, 1, times);
  }
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
