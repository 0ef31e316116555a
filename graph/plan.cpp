#include "cornu/graph/plan.h"

#include <omp.h>

#include <algorithm>
#include <cstring>
#include <map>

#include "cornu/graph/arena.h"
#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/graph/pass.h"

namespace cornu::graph {

// Values of the graph share storages: a view has its input's, an elementwise op may take over that of an input which nobody reads later,
// an update's value may be written into its variable. Storages are then given places.
class Plan::Builder {
 public:
  Builder(Plan& plan, const Outputs& outputs) : plan_(plan), outputs_(outputs) {}

  void build() {
    const auto nodes = reachable(outputs_);
    for (const auto& node : nodes) add_node(*node);
    end_ = static_cast<int>(steps_.size());  // copies run after the last step
    find_last_uses();
    place_results();
    place_updates();
    reuse_inputs();
    place_arena();
    emit();
  }

 private:
  struct Storage {
    Place place;
    bool placed = false;
    std::size_t bytes = 0;
    int first = 0, last = -1;         // the step that writes it, the last step that reads it
    int step = -1;                    // the step that writes it; -1: a leaf
    const void* variable = nullptr;   // the variable it reads
  };
  struct Planned {
    const Node* node;
    std::vector<int> src, dst;        // storages
  };
  struct Copy {
    int from, to;
  };

  int new_storage(std::size_t bytes) {
    storages_.emplace_back();
    storages_.back().bytes = bytes;
    return static_cast<int>(storages_.size()) - 1;
  }
  int new_fixed(void* address, std::size_t bytes) {
    const int s = new_storage(bytes);
    storages_[s].placed = true;
    storages_[s].place = {Place::fixed, 0, address};
    return s;
  }
  int& storage_of(const Tensor& tensor) { return of_[{&tensor.node(), tensor.index()}]; }

  void add_node(const Node& node) {
    const Tensor out(node.shared_from_this(), 0);
    if (const auto* p = as<Parameter>(out)) {
      const int s = new_storage(node.outputs()[0].bytes());
      storages_[s].placed = true;
      storages_[s].place = {Place::argument, static_cast<std::size_t>(p->index), nullptr};
      storage_of(out) = s;
    } else if (const auto* c = as<Constant>(out)) {
      plan_.constants_.push_back(c->value);
      storage_of(out) = new_fixed(c->value.bytes(), c->value.nbytes());
    } else if (const auto* r = as<ReadVariable>(out)) {
      plan_.read_.push_back(r->variable);
      const int s = new_fixed(r->variable.data(), r->variable.spec().bytes());
      storages_[s].variable = r->variable.id();
      storage_of(out) = s;
    } else if (node.op().traits().view) {
      storage_of(out) = storage_of(node.inputs().at(0));
    } else {
      Planned step{&node, {}, {}};
      for (const Tensor& input : node.inputs()) step.src.push_back(storage_of(input));
      for (int i = 0; i < static_cast<int>(node.outputs().size()); ++i) {
        const int s = new_storage(node.outputs()[i].bytes());
        storages_[s].step = storages_[s].first = static_cast<int>(steps_.size());
        storages_[s].last = storages_[s].first;
        storage_of(Tensor(node.shared_from_this(), i)) = s;
        step.dst.push_back(s);
      }
      steps_.push_back(std::move(step));
    }
  }

  void find_last_uses() {
    for (int i = 0; i < end_; ++i)
      for (const int s : steps_[i].src) storages_[s].last = i;
  }

  // A result that a step computes is written where the caller wants it; leaves and second uses are copied.
  void place_results() {
    for (std::size_t i = 0; i < outputs_.tensors().size(); ++i) {
      const int s = storage_of(outputs_.tensors()[i]);
      Storage& storage = storages_[s];
      if (storage.step >= 0 && !storage.placed) {
        storage.placed = true;
        storage.place = {Place::result, i, nullptr};
        storage.last = end_;
      } else {
        const int to = new_storage(storage.bytes);
        storages_[to].placed = true;
        storages_[to].place = {Place::result, i, nullptr};
        storages_[s].last = end_;
        copies_.push_back({s, to});
      }
    }
  }

  // True if the step may write its output where this input lies.
  bool in_place(const Planned& step, std::size_t input) const {
    const Node& node = *step.node;
    return node.op().traits().elementwise && step.dst.size() == 1 && node.inputs()[input].spec() == node.outputs()[0];
  }

  // The new value goes straight to the variable if nobody reads the old one from then on; else it is copied after everything else.
  void place_updates() {
    std::vector<Copy> late;
    for (const auto& [variable, value] : outputs_.updates()) {
      plan_.updated_.push_back(variable);
      const int s = storage_of(value);
      if (storages_[s].variable == variable.id()) continue;  // its own old value: nothing changes
      if (can_write_to(variable, s)) {
        storages_[s].placed = true;
        storages_[s].place = {Place::fixed, 0, variable.data()};
        storages_[s].last = end_;
        continue;
      }
      int from = s;
      if (storages_[s].variable != nullptr) {  // the old value of a variable that may itself be updated by then
        from = new_storage(storages_[s].bytes);
        storages_[from].first = end_;
        storages_[s].last = end_;
        copies_.push_back({s, from});
      }
      storages_[from].last = end_;
      late.push_back({from, new_fixed(variable.data(), variable.spec().bytes())});
    }
    copies_.insert(copies_.end(), late.begin(), late.end());
  }

  bool can_write_to(const Variable& variable, int s) {
    const Storage& target = storages_[s];
    if (target.step < 0 || target.placed) return false;
    // What later updates and results copy is not in `last` yet for variables: look at those as well.
    const auto copied = [&](const Tensor& tensor) { return storages_[storage_of(tensor)].variable == variable.id(); };
    for (const Tensor& tensor : outputs_.tensors())
      if (copied(tensor)) return false;
    for (const auto& [other, value] : outputs_.updates())
      if (copied(value)) return false;
    for (std::size_t r = 0; r < storages_.size(); ++r) {
      if (storages_[r].variable != variable.id() || storages_[r].last < target.step) continue;
      if (storages_[r].last > target.step) return false;
      const Planned& step = steps_[target.step];
      for (std::size_t i = 0; i < step.src.size(); ++i)
        if (step.src[i] == static_cast<int>(r) && !in_place(step, i)) return false;
    }
    return true;
  }

  // An elementwise step takes over the memory of an input that dies with it.
  void reuse_inputs() {
    joined_.resize(storages_.size());
    for (std::size_t s = 0; s < storages_.size(); ++s) joined_[s] = static_cast<int>(s);
    for (int i = 0; i < end_; ++i) {
      const Planned& step = steps_[i];
      if (step.dst.size() != 1 || storages_[step.dst[0]].placed) continue;
      for (std::size_t j = 0; j < step.src.size(); ++j) {
        const int root = find(step.src[j]);
        if (!in_place(step, j) || storages_[root].placed || storages_[root].last > i || storages_[root].bytes != storages_[step.dst[0]].bytes) continue;
        joined_[step.dst[0]] = root;
        storages_[root].last = std::max(storages_[root].last, storages_[step.dst[0]].last);
        break;
      }
    }
  }
  int find(int s) const {
    while (joined_[s] != s) s = joined_[s];
    return s;
  }

  void place_arena() {
    std::vector<Lifetime> blocks;
    std::vector<int> owners;
    for (int s = 0; s < static_cast<int>(storages_.size()); ++s) {
      if (storages_[s].placed || joined_[s] != s) continue;
      blocks.push_back({storages_[s].bytes, storages_[s].first, storages_[s].last});
      owners.push_back(s);
    }
    const auto offsets = place_in_arena(blocks, plan_.arena_bytes_);
    for (std::size_t i = 0; i < owners.size(); ++i) storages_[owners[i]].place = {Place::arena, offsets[i], nullptr};
  }

  void emit() {
    const auto places = [&](const std::vector<int>& list) {
      std::vector<Place> out;
      for (const int s : list) out.push_back(storages_[find(s)].place);
      return out;
    };
    for (const Planned& planned : steps_) {
      const Node& node = *planned.node;
      Specs in;
      for (const Tensor& input : node.inputs()) in.push_back(input.spec());
      Step step;
      step.kernel = node.op().plan({in, node.outputs(), plan_.threads_});
      step.src = places(planned.src);
      step.dst = places(planned.dst);
      step.text = message(node.scope(), node.scope().empty() ? "" : "/", to_string(node.op()), " -> ", node.outputs().at(0), " [",
                          step.kernel.implementation, "]");
      plan_.scratch_bytes_ = std::max(plan_.scratch_bytes_, step.kernel.scratch);
      plan_.steps_.push_back(std::move(step));
    }
    for (const Copy& copy : copies_) {
      const std::size_t bytes = storages_[copy.from].bytes;
      Step step;
      step.kernel = Kernel::native([bytes](const Call& call) {
        if (bytes != 0) std::memcpy(call.dst[0], call.src[0], bytes);
      });
      step.src = places({copy.from});
      step.dst = places({copy.to});
      step.text = message("copy of ", bytes, " bytes");
      plan_.steps_.push_back(std::move(step));
    }
  }

  Plan& plan_;
  const Outputs& outputs_;
  std::map<std::pair<const Node*, int>, int> of_;
  std::vector<Storage> storages_;
  std::vector<Planned> steps_;
  std::vector<Copy> copies_;
  std::vector<int> joined_;
  int end_ = 0;
};

// The memory of one running call: an arena, every step's launch, and the pointers that the launches get.
struct Plan::Workspace {
  struct Bound {
    Launch launch;
    const void** src;
    void** dst;
  };
  struct Patch {  // a pointer that every call sets anew
    void** pointer;
    std::size_t index;
  };

  explicit Workspace(const Plan& plan) : memory(Shape{static_cast<std::int64_t>(plan.workspace_bytes())}, uint8) {
    std::size_t count = 0;
    for (const Step& step : plan.steps_) count += step.src.size() + step.dst.size();
    pointers.resize(count);
    void** next = pointers.data();
    const auto bind = [&](const std::vector<Place>& places) {
      void** first = next;
      for (const Place& place : places) {
        switch (place.kind) {
          case Place::argument: arguments.push_back({next, place.index}); break;
          case Place::result: results.push_back({next, place.index}); break;
          case Place::arena: *next = memory.bytes() + place.index; break;
          case Place::fixed: *next = place.address; break;
        }
        ++next;
      }
      return first;
    };
    for (const Step& step : plan.steps_) {
      auto* src = const_cast<const void**>(bind(step.src));
      steps.push_back({step.kernel.make(), src, bind(step.dst)});
    }
    scratch = memory.bytes() + plan.arena_bytes_;
  }

  Array memory;
  std::vector<void*> pointers;
  std::vector<Bound> steps;
  std::vector<Patch> arguments, results;
  void* scratch = nullptr;
};

Plan::Plan(const Outputs& outputs, Specs arguments, int threads) : arguments_(std::move(arguments)), threads_(threads) {
  for (const Tensor& tensor : outputs.tensors()) results_.push_back(tensor.spec());
  Builder(*this, outputs).build();
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

void Plan::run(std::span<const Array> arguments, std::span<const Array> results) const {
  struct Lease {
    const Plan& plan;
    Workspace* workspace;
    ~Lease() { plan.release(workspace); }
  };
  // Kernels are planned for a number of threads; only with the same number are the bits the same.
  struct ThreadCount {
    int before = omp_get_max_threads();
    explicit ThreadCount(int n) { if (n != before) omp_set_num_threads(n); }
    ~ThreadCount() { if (omp_get_max_threads() != before) omp_set_num_threads(before); }
  };

  const Lease lease{*this, acquire()};
  const ThreadCount thread_count(threads_);
  Workspace& workspace = *lease.workspace;
  for (const auto& patch : workspace.arguments) *patch.pointer = arguments[patch.index].bytes();
  for (const auto& patch : workspace.results) *patch.pointer = results[patch.index].bytes();
  for (const auto& step : workspace.steps) step.launch({step.src, step.dst, workspace.scratch});
  for (const Variable& variable : updated_) variable.touch();
}

std::string Plan::describe() const {
  std::string text;
  for (const Step& step : steps_) text += step.text + '\n';
  return text + message("arena ", arena_bytes_, " bytes, scratch ", scratch_bytes_, " bytes, ", threads_, threads_ == 1 ? " thread\n" : " threads\n");
}

}  // namespace cornu::graph
