#include <algorithm>
#include <cstring>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "cornu/graph/check.h"
#include "cornu/graph/internal/node_table.h"
#include "cornu/graph/leaf.h"
#include "cornu/graph/passes/internal/layout.h"
#include "cornu/graph/passes/pass.h"
#include "cornu/graph/passes/passes.h"
#include "cornu/graph/plan/internal/arena.h"
#include "cornu/graph/plan/internal/plan.h"

namespace cornu::graph {

// Values of the graph share storages: a view has its input's, an elementwise op may take over that of an input which
// nobody reads later, an update's value may be written into its variable. Storages are then given places.
class Plan::Builder {
 public:
  Builder(Plan& plan, const Outputs& outputs)
      : plan_(plan),
        outputs_(outputs),
        nodes_(schedule_nodes(outputs)),
        known_(id_of(nodes_, false), id_of(nodes_, true), nodes_.size()) {}

  void build(bool keeps_forms) {
    if (keeps_forms) prepare_forms();
    std::vector<const Node*> waiting;
    const auto need = [&](const Tensor& tensor) {
      if (!std::exchange(known_[tensor.node()].needed, true)) waiting.push_back(&tensor.node());
    };
    for (const Tensor& tensor : outputs_.tensors()) need(tensor);
    for (const auto& [variable, value] : outputs_.updates()) need(value);
    while (!waiting.empty()) {
      const Node* node = waiting.back();
      waiting.pop_back();
      if (known_[*node].form >= 0) continue;
      for (const Tensor& input : node->inputs()) need(input);
    }
    for (const auto& node : nodes_)
      if (known_[*node].needed) add_node(*node);
    end_ = static_cast<int>(steps_.size());  // copies run after the last step
    find_last_uses();
    place_results();
    place_updates();
    reuse_inputs();
    make_kernels();
    place_arena();
    emit();
    schedule_threads(plan_.steps_, plan_.threads_);
  }

 private:
  struct Storage {
    Place place;
    bool placed = false;
    std::size_t bytes = 0;
    int first = 0, last = -1;        // the step that writes it, the last step that reads it
    int step = -1;                   // the step that writes it; -1: a leaf
    const void* variable = nullptr;  // the variable it reads
  };
  struct Planned {
    const Node* node;
    std::vector<int> src, dst;  // storages
    Kernel kernel;
    int scratch = -1;  // a storage
  };
  struct Copy {
    int from, to;
  };
  struct Known {          // of a node
    bool needed = false;  // not only for kept forms
    int form = -1;        // the first of its kept forms
    int storage = -1;     // of output 0; those of others follow
  };
  using Nodes = std::vector<std::shared_ptr<const Node>>;

  static std::uint64_t id_of(const Nodes& nodes, bool highest) {
    const auto less = [](const auto& a, const auto& b) { return a->id() < b->id(); };
    if (nodes.empty()) return 0;
    return (*(highest ? std::max_element(nodes.begin(), nodes.end(), less)
                      : std::min_element(nodes.begin(), nodes.end(), less)))
        ->id();
  }

  int new_storage(std::size_t bytes) {
    storages_.emplace_back();
    storages_.back().bytes = storages_.back().place.bytes = bytes;
    return static_cast<int>(storages_.size()) - 1;
  }
  int new_placed(const Place& place) {
    const int s = new_storage(place.bytes);
    storages_[s].placed = true;
    storages_[s].place = place;
    return s;
  }
  int new_fixed(void* address, std::size_t bytes) { return new_placed({Place::fixed, 0, address, bytes}); }
  int storage_of(const Tensor& tensor) const { return known_.find(tensor.node())->storage + tensor.index(); }

  // Values that variables alone decide: a plan of their own computes them when those have changed.
  void prepare_forms() {
    const auto forms = passes::lasting_forms(outputs_);
    if (forms.empty()) return;
    Tensors tensors;
    for (const auto& node : nodes_) {
      if (!forms.contains(node.get())) continue;
      known_[*node].form = static_cast<int>(plan_.forms_.size());
      for (int i = 0; i < static_cast<int>(node->outputs().size()); ++i) {
        tensors.emplace_back(node, i);
        plan_.forms_.push_back(node->outputs()[static_cast<std::size_t>(i)]);
      }
    }
    plan_.preparation_.reset(new Plan(Outputs(std::move(tensors)), {}, plan_.threads_, plan_.memory_, false));
  }

  void add_node(const Node& node) {
    int& first = known_[node].storage;  // what is added next
    first = static_cast<int>(storages_.size());
    if (const int form = known_[node].form; form >= 0) {
      for (std::size_t i = 0; i < node.outputs().size(); ++i) {
        const std::size_t index = static_cast<std::size_t>(form) + i, bytes = plan_.forms_[index].bytes();
        new_placed({Place::form, index, nullptr, bytes});
      }
    } else if (const auto* p = as<Parameter>(node.op())) {
      new_placed({Place::argument, static_cast<std::size_t>(p->index), nullptr, node.outputs()[0].bytes()});
    } else if (const auto* c = as<Constant>(node.op())) {
      plan_.constants_.push_back(c->value);
      new_fixed(c->value.bytes(), c->value.nbytes());
    } else if (const auto* r = as<ReadVariable>(node.op())) {
      plan_.read_.push_back(r->variable);
      const int s = new_fixed(r->variable.data(), r->variable.spec().bytes());
      storages_[s].variable = r->variable.id();
      reads_[r->variable.id()].push_back(s);
    } else if (node.op().traits().view) {
      first = storage_of(node.inputs().at(0));
    } else {
      Planned step{&node, {}, {}, {}, -1};
      for (const Tensor& input : node.inputs()) step.src.push_back(storage_of(input));
      for (int i = 0; i < static_cast<int>(node.outputs().size()); ++i) {
        const int s = new_storage(node.outputs()[i].bytes());
        storages_[s].step = storages_[s].first = static_cast<int>(steps_.size());
        storages_[s].last = storages_[s].first;
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
        storage.place = {Place::result, i, nullptr, storage.bytes};
        storage.last = end_;
      } else {
        const int to = new_placed({Place::result, i, nullptr, storages_[s].bytes});
        storages_[s].last = end_;
        copies_.push_back({s, to});
      }
    }
  }

  // True if the step may write this output where this input lies.
  static bool in_place(const Planned& step, std::size_t input, std::size_t output) {
    const Traits traits = step.node->op().traits();
    const int from = traits.elementwise ? 0 : traits.in_place_from;
    return from >= 0 && static_cast<int>(input) >= from &&
           step.node->inputs()[input].spec() == step.node->outputs()[output];
  }

  // The new value goes straight to the variable if nobody reads the old one from then on; else it is copied after
  // everything else.
  void place_updates() {
    std::vector<Copy> late;
    const auto note_copy = [&](const Tensor& tensor) { copied_.insert(storages_[storage_of(tensor)].variable); };
    for (const Tensor& tensor : outputs_.tensors()) note_copy(tensor);
    for (const auto& [variable, value] : outputs_.updates()) note_copy(value);
    for (const auto& [variable, value] : outputs_.updates()) {
      plan_.updated_.push_back(variable);
      const int s = storage_of(value);
      if (storages_[s].variable == variable.id()) continue;  // its own old value: nothing changes
      if (can_write_to(variable, s)) {
        storages_[s].placed = true;
        storages_[s].place = {Place::fixed, 0, variable.data(), storages_[s].bytes};
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
    if (!reuses_ || copied_.contains(variable.id())) return false;
    for (const int r : reads_[variable.id()]) {
      if (storages_[r].last < target.step) continue;
      if (storages_[r].last > target.step) return false;
      const Planned& step = steps_[target.step];
      const auto output = static_cast<std::size_t>(std::find(step.dst.begin(), step.dst.end(), s) - step.dst.begin());
      for (std::size_t i = 0; i < step.src.size(); ++i)
        if (step.src[i] == r && !in_place(step, i, output)) return false;
    }
    return true;
  }

  // An elementwise step takes over the memory of inputs that die with it.
  void reuse_inputs() {
    joined_.resize(storages_.size());
    for (std::size_t s = 0; s < storages_.size(); ++s) joined_[s] = static_cast<int>(s);
    for (int i = 0; reuses_ && i < end_; ++i) {
      const Planned& step = steps_[i];
      std::vector<int> taken;
      for (std::size_t output = 0; output < step.dst.size(); ++output) {
        Storage& result = storages_[step.dst[output]];
        if (result.placed) continue;
        for (std::size_t j = 0; j < step.src.size(); ++j) {
          const int root = find(step.src[j]);
          Storage& input = storages_[root];
          if (!in_place(step, j, output) || input.placed || input.last > i || input.bytes != result.bytes) continue;
          if (std::find(taken.begin(), taken.end(), root) != taken.end() || read_otherwise(step, root, output))
            continue;
          taken.push_back(root);
          joined_[step.dst[output]] = root;
          input.last = std::max(input.last, result.last);
          break;
        }
      }
    }
  }
  // The memory may be an input twice, of which one is not read in place.
  bool read_otherwise(const Planned& step, int root, std::size_t output) const {
    for (std::size_t j = 0; j < step.src.size(); ++j)
      if (find(step.src[j]) == root && !in_place(step, j, output)) return true;
    return false;
  }
  int find(int s) const {
    while (joined_[s] != s) s = joined_[s];
    return s;
  }

  void place_arena() {
    const bool shares = passes::enabled("memory");
    std::vector<Lifetime> blocks;
    std::vector<int> owners;
    for (int s = 0; s < static_cast<int>(storages_.size()); ++s) {
      if (storages_[s].placed || joined_[s] != s) continue;
      blocks.push_back({storages_[s].bytes, shares ? storages_[s].first : 0, shares ? storages_[s].last : end_});
      owners.push_back(s);
    }
    const auto offsets = place_in_arena(blocks, plan_.arena_bytes_);
    for (std::size_t i = 0; i < owners.size(); ++i)
      storages_[owners[i]].place = {Place::arena, offsets[i], nullptr, storages_[owners[i]].bytes};
  }

  void make_kernels() {
    for (int i = 0; i < end_; ++i) {
      Planned& step = steps_[i];
      Specs in;
      for (const Tensor& input : step.node->inputs()) in.push_back(input.spec());
      step.kernel = step.node->op().plan({in, step.node->outputs(), plan_.threads_});
      if (step.kernel.scratch == 0) continue;
      step.scratch = new_storage(step.kernel.scratch);
      joined_.push_back(step.scratch);
      storages_[step.scratch].first = storages_[step.scratch].last = i;
    }
  }

  void emit() {
    const auto places = [&](const std::vector<int>& list) {
      std::vector<Place> out;
      for (const int s : list) out.push_back(storages_[find(s)].place);
      return out;
    };
    const auto add = [&](Step step) {
      for (const Place& place : step.src) step.bytes += place.bytes;
      for (const Place& place : step.dst) step.bytes += place.bytes;
      plan_.shared_ = plan_.shared_ || step.kernel.parts > 1;
      plan_.steps_.push_back(std::move(step));
    };
    for (Planned& planned : steps_) {
      const Node& node = *planned.node;
      Step step;
      step.kernel = std::move(planned.kernel);
      step.src = places(planned.src);
      step.dst = places(planned.dst);
      if (planned.scratch >= 0) step.scratch = storages_[planned.scratch].place;
      step.node = node.shared_from_this();
      add(std::move(step));
    }
    for (const Copy& copy : copies_) {
      const std::size_t bytes = storages_[copy.from].bytes;
      Step step;
      step.kernel = Kernel::native([bytes](const Call& call) {
        if (bytes != 0) std::memcpy(call.dst[0], call.src[0], bytes);
      });
      step.src = places({copy.from});
      step.dst = places({copy.to});
      add(std::move(step));
    }
  }

  Plan& plan_;
  const Outputs& outputs_;
  Nodes nodes_;  // in the order of the steps
  internal::NodeTable<Known> known_;
  std::unordered_map<const void*, std::vector<int>> reads_;  // storages that are a variable's memory
  std::unordered_set<const void*> copied_;                   // variables whose old value is copied after the steps
  std::vector<Storage> storages_;
  std::vector<Planned> steps_;
  std::vector<Copy> copies_;
  std::vector<int> joined_;
  int end_ = 0;
  const bool reuses_ = passes::enabled("in_place");
};

void Plan::build(const Outputs& outputs, bool keeps_forms) { Builder(*this, outputs).build(keeps_forms); }

}  // namespace cornu::graph
