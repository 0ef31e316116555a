#include "cornu/graph/function.h"

#include <omp.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <ostream>
#include <thread>

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/graph/passes/pass.h"
#include "cornu/graph/passes/passes.h"
#include "cornu/graph/plan/internal/arena_pool.h"
#include "cornu/graph/plan/internal/plan.h"
#include "cornu/graph/plan/internal/published.h"
#include "cornu/graph/plan/internal/replacement.h"
#include "cornu/graph/plan/profile.h"
#include "cornu/graph/print.h"

namespace cornu::graph {

const Array& Results::one() const {
  require<ValueError>(arrays_.size() == 1, "a function with ", arrays_.size(),
                      " outputs does not give one array: use [i] or get<N>()");
  return arrays_.front();
}

std::ostream& operator<<(std::ostream& out, const Results& results) {
  const char* separator = "";
  for (const Array& array : results) {
    out << separator << array;
    separator = "\n";
  }
  return out;
}

namespace {

// A signature as one number; equal ones are compared in full.
std::uint64_t hash_of(std::span<const Array> arguments, int threads) {
  std::uint64_t hash = static_cast<std::uint64_t>(threads);
  const auto put = [&](std::uint64_t number) { hash = (hash ^ number) * 0x9e3779b97f4a7c15u + (hash >> 29); };
  for (const Array& argument : arguments) {
    put(static_cast<std::uint64_t>(argument.dtype()));
    for (const std::int64_t length : argument.shape()) put(static_cast<std::uint64_t>(length));
    put(static_cast<std::uint64_t>(argument.shape().rank()));
  }
  return hash;
}

}  // namespace

struct Function::State {
  struct Entry {
    std::shared_ptr<const Plan> plan;
    std::atomic<std::uint64_t> last_use{0}, made_by{0};  // see internal/replacement.h
  };
  struct Kept {
    std::uint64_t hash;
    std::shared_ptr<Entry> entry;
  };
  using Entries = std::vector<Kept>;  // in the order in which they came

  Callable callable;
  int arity;
  FunctionConfig config;

  internal::Published<Entries> entries{std::make_unique<const Entries>()};  // who adds one holds `tracing`
  std::atomic<std::uint64_t> clock{0}, made{0};
  std::shared_ptr<internal::ArenaPool> memory = std::make_shared<internal::ArenaPool>();  // of all plans
  std::mutex tracing;  // the callable may change what it captures: one trace at a time
  std::atomic<std::thread::id> tracer{};

  /// Holds the lock. Throws ValueError where it would wait for itself.
  class OneTrace {
   public:
    explicit OneTrace(State& state) : state_(state) {
      require<ValueError>(state.tracer.load() != std::this_thread::get_id(), state.config.name,
                          ": called inside its own trace, where it has no plan yet; inlined() makes a function part of "
                          "what is being traced");
      lock_ = std::unique_lock(state.tracing);
      state.tracer.store(std::this_thread::get_id());
    }
    ~OneTrace() { state_.tracer.store({}); }
    OneTrace(const OneTrace&) = delete;
    OneTrace& operator=(const OneTrace&) = delete;

   private:
    State& state_;
    std::unique_lock<std::mutex> lock_;
  };

  int threads() const { return config.threads > 0 ? config.threads : omp_get_max_threads(); }

  static bool fits(const Plan& plan, std::span<const Array> arguments, int threads) {
    if (plan.threads() != threads || plan.arguments().size() != arguments.size()) return false;
    for (std::size_t i = 0; i < arguments.size(); ++i)
      if (plan.arguments()[i].dtype != arguments[i].dtype() || !(plan.arguments()[i].shape == arguments[i].shape()))
        return false;
    return true;
  }

  // No lock: many threads may call one function.
  std::shared_ptr<const Plan> find(std::span<const Array> arguments, int threads, std::uint64_t hash) {
    return entries.read([&](const Entries& list) -> std::shared_ptr<const Plan> {
      for (const Kept& kept : list) {
        if (kept.hash != hash || !fits(*kept.entry->plan, arguments, threads)) continue;
        note_use(*kept.entry);
        return kept.entry->plan;
      }
      return nullptr;
    });
  }

  // Repeated use of one plan writes nothing that threads share.
  void note_use(Entry& entry) {
    if (entry.last_use.load(std::memory_order_relaxed) == clock.load(std::memory_order_relaxed)) return;
    entry.last_use.store(clock.fetch_add(1, std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    entry.made_by.store(made.load(std::memory_order_relaxed), std::memory_order_relaxed);
  }

  std::shared_ptr<const Plan> plan_for(std::span<const Array> arguments) {
    const int count = threads();
    const std::uint64_t hash = hash_of(arguments, count);
    if (auto plan = find(arguments, count, hash)) return plan;
    return compile(arguments, count, hash);
  }

  Outputs apply(std::span<const Tensor> arguments) const {
    require<ValueError>(arity < 0 || arguments.size() == static_cast<std::size_t>(arity), config.name, ": takes ",
                        arity, " arguments, got ", arguments.size());
    return callable(arguments);
  }

  Outputs trace(const Specs& arguments) const {
    Tensors parameters;
    for (std::size_t i = 0; i < arguments.size(); ++i)
      parameters.push_back(parameter(static_cast<int>(i), arguments[i]));
    Outputs outputs = apply(parameters);
    require_own(outputs, parameters);
    return outputs;
  }

  // A tensor of a loop's body has no value outside of the body.
  void require_own(const Outputs& outputs, const Tensors& parameters) const {
    for (const auto& node : reachable(outputs)) {
      if (!as<Parameter>(node->op())) continue;
      const bool own = std::any_of(parameters.begin(), parameters.end(),
                                   [&](const Tensor& parameter) { return parameter.node_ptr() == node; });
      require<ValueError>(own, config.name, ": reads ", node->outputs()[0],
                          ", a parameter of another computation. A tensor that was made in a step of a loop is used "
                          "outside of it? The step has to give it as an output");
    }
  }

  // What `use` makes of the computation as this function's passes leave it; they also hold while it does.
  template <class F>
  auto optimised(const Specs& arguments, int threads, F&& use) const {
    const Outputs traced = trace(arguments);
    const passes::Disabled without(config.disable_passes);
    return use(optimise(traced, threads));
  }

  std::shared_ptr<const Plan> compile(std::span<const Array> arguments, int threads, std::uint64_t hash) {
    const OneTrace one_trace(*this);
    if (auto plan = find(arguments, threads, hash)) return plan;  // another thread was first
    Specs specs;
    for (const Array& argument : arguments) specs.push_back(argument.spec());
    auto entry = std::make_shared<Entry>();
    entry->plan = optimised(specs, threads, [&](const Outputs& outputs) {
      return std::make_shared<const Plan>(outputs, specs, threads, memory);
    });
    auto list = std::make_unique<Entries>(entries.read([](const Entries& now) { return now; }));
    make_room(*list, entry->plan->kept_bytes());
    entry->made_by = ++made;
    entry->last_use = ++clock;
    list->push_back({hash, entry});
    entries.replace(std::move(list));
    return entry->plan;
  }

  // So many that one more is not too many: by the number that the user gave, else by their memory.
  void make_room(Entries& list, std::size_t bytes) const {
    const bool counted = config.cached_plans > 0;
    const auto most = static_cast<std::size_t>(counted ? config.cached_plans : kLeastPlans);
    for (const Kept& kept : list) bytes += kept.entry->plan->kept_bytes();
    while (list.size() >= most && (counted || bytes > kPlanBytes)) {
      std::vector<internal::PlanUse> uses;
      for (const Kept& kept : list) uses.push_back({kept.entry->last_use, kept.entry->made_by});
      const auto leaving = list.begin() + static_cast<std::ptrdiff_t>(internal::gives_way(uses, made));
      bytes -= leaving->entry->plan->kept_bytes();
      list.erase(leaving);
    }
  }

  static constexpr std::size_t kLeastPlans = 16, kPlanBytes = 32 << 20;  // as FunctionConfig says
};

Function::Function(Callable callable, int arity, FunctionConfig config) : state_(std::make_shared<State>()) {
  state_->callable = std::move(callable);
  state_->arity = arity;
  state_->config = std::move(config);
  passes::require_known(state_->config.disable_passes, state_->config.name);
}

Results Function::call(std::span<const Array> arguments) const {
  require<ValueError>(defined(), "an empty Function was called");
  const auto plan = state_->plan_for(arguments);
  std::vector<Array> results;
  results.reserve(plan->results().size());
  for (const Spec& spec : plan->results()) results.emplace_back(spec);
  plan->run(arguments, results);
  return Results(std::move(results));
}

Array Function::call_one(std::span<const Array> arguments) const {
  require<ValueError>(defined(), "an empty Function was called");
  const auto plan = state_->plan_for(arguments);
  require<ValueError>(plan->results().size() == 1, state_->config.name, ": has ", plan->results().size(),
                      " outputs, not one");
  Array result(plan->results()[0]);
  plan->run(arguments, {&result, 1});
  return result;
}

// The plan for such a call, whose results are checked.
std::shared_ptr<const Plan> Function::plan_into(std::span<const Array> arguments,
                                                std::span<const Array> results) const {
  require<ValueError>(defined(), "an empty Function was called");
  const auto plan = state_->plan_for(arguments);
  require<ValueError>(results.size() == plan->results().size(), state_->config.name, ": has ", plan->results().size(),
                      " outputs, got ", results.size(), " arrays for them");
  for (std::size_t i = 0; i < results.size(); ++i)
    require<ShapeError>(results[i].spec() == plan->results()[i], state_->config.name, ": output ", i, " is ",
                        plan->results()[i], ", the array for it ", results[i].spec());
  return plan;
}

void Function::call_into(std::span<const Array> arguments, std::span<const Array> results) const {
  plan_into(arguments, results)->run(arguments, results);
}

Profile Function::profiled_call(std::span<const Array> arguments, std::span<const Array> results) const {
  const auto plan = plan_into(arguments, results);
  Profile profile(*plan);
  profile.run(*plan, arguments, results);
  return profile;
}

Outputs Function::trace(const Specs& arguments) const {
  require<ValueError>(defined(), "an empty Function was called");
  const State::OneTrace one_trace(*state_);
  return state_->trace(arguments);
}

namespace {
constexpr int kDeepest = 256;  // more would come to the end of a thread's stack
}

Outputs Function::inlined(std::span<const Tensor> arguments) const {
  require<ValueError>(defined(), "an empty Function was called");
  thread_local int depth = 0;
  struct Deeper {
    Deeper() { ++depth; }
    ~Deeper() { --depth; }
  } const deeper;
  require<ValueError>(depth <= kDeepest, state_->config.name, ": inlined ", kDeepest,
                      " functions deep; does one inline itself without end?");
  return state_->apply(arguments);
}

std::size_t Function::cached_plans() const {
  if (!defined()) return 0;
  return state_->entries.read([](const auto& list) { return list.size(); });
}

Profile Function::profile(const std::vector<Array>& arguments, int calls) const {
  require<ValueError>(defined(), "an empty Function was called");
  require<ValueError>(calls >= 1, state_->config.name, ": profile needs at least one call, got ", calls);
  Results outputs = call(arguments);  // the first call makes the plan and workspace
  const auto plan = state_->plan_for(arguments);
  Profile profile(*plan);
  for (int i = 0; i < calls; ++i) profile.run(*plan, arguments, outputs.arrays());
  return profile;
}

template <class F>
auto Function::show(const Specs& arguments, F&& use) const {
  require<ValueError>(defined(), "an empty Function was called");
  const State::OneTrace one_trace(*state_);
  return state_->optimised(arguments, state_->threads(), use);
}

Outputs Function::optimised(const Specs& arguments) const {
  return show(arguments, [](const Outputs& outputs) { return outputs; });
}
std::string Function::describe(const Specs& arguments) const {
  return show(arguments,
              [&](const Outputs& outputs) { return Plan(outputs, arguments, state_->threads()).describe(); });
}
std::string Function::to_string(const Specs& arguments) const {
  return show(arguments, [](const Outputs& outputs) { return graph::to_string(outputs); });
}
std::string Function::to_dot(const Specs& arguments) const {
  return show(arguments, [&](const Outputs& outputs) { return graph::to_dot(outputs, state_->config.name); });
}

}  // namespace cornu::graph
