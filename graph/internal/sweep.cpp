#include "cornu/graph/internal/sweep.h"

#include <algorithm>

#include "cornu/graph/check.h"
#include "cornu/graph/internal/node_table.h"

namespace cornu::graph::internal {
namespace {

// Counts are kept right while the computation changes: a use is a reference of a node that is part of the new
// computation, or of an old node that is still to be visited. Nodes that lose their last use give back the uses of
// their inputs.
class Sweep final : public Users {
 public:
  using Nodes = std::vector<std::shared_ptr<const Node>>;

  /// `nodes` are the reachable ones of `outputs`.
  Sweep(const Outputs& outputs, Nodes nodes, const Visit& visit)
      : outputs_(outputs),
        visit_(visit),
        nodes_(std::move(nodes)),
        states_(lowest(nodes_), highest(nodes_), nodes_.size()) {
    uses_.reserve(2 * nodes_.size());
    for (const auto& node : nodes_) insert(*node);
    for (const auto& node : nodes_)
      for (const Tensor& input : node->inputs()) ++uses(input);
    for (const Tensor& tensor : outputs.tensors()) ++uses(tensor);
    for (const auto& [variable, value] : outputs.updates()) ++uses(value);
    now_.resize(uses_.size());
  }

  int of(const Tensor& tensor) const override {
    const State* state = states_.find(tensor.node());
    return state && state->known ? uses_[state->first + tensor.index()] : 0;
  }

  Outputs run() {
    for (const auto& node : nodes_) rewrite(node);
    if (!changed_) return outputs_;
    return outputs_.rewritten([&](const Tensor& old) { return now(old); });
  }

 private:
  struct State {
    std::uint32_t first = 0;  // of the node's entries in uses_ (and of an old node's in now_)
    bool known = false, live = false;
  };
  static std::uint64_t lowest(const Nodes& nodes) { return nodes.empty() ? 0 : nodes.front()->id(); }
  static std::uint64_t highest(const Nodes& nodes) { return nodes.empty() ? 0 : nodes.back()->id(); }

  State& insert(const Node& node) {
    State& state = states_[node];
    if (!state.known) {
      state = {static_cast<std::uint32_t>(uses_.size()), true, true};
      uses_.resize(uses_.size() + node.outputs().size());
    }
    return state;
  }
  int& uses(const Tensor& tensor) { return uses_[states_[tensor.node()].first + tensor.index()]; }
  Tensor& now(const Tensor& old) { return now_[states_[old.node()].first + old.index()]; }

  // Takes a tensor that is to be used, with all that it is computed from, into the new computation. True if its node
  // was not there.
  bool adopt(const Tensor& tensor) {
    const auto join = [&](const std::shared_ptr<const Node>& node) {
      const State* state = states_.find(*node);
      if (state && state->live) return false;
      insert(*node).live = true;
      pending_.push_back(node.get());
      return true;
    };
    const bool added = join(tensor.node_ptr());
    while (!pending_.empty()) {
      const Node* node = pending_.back();
      pending_.pop_back();
      for (const Tensor& input : node->inputs()) {
        join(input.node_ptr());
        ++uses(input);
      }
    }
    return added;
  }

  // A node that nobody uses any more gives back its uses of others, and so on.
  void drop_if_unused(const Node& dropped) {
    pending_.push_back(&dropped);
    while (!pending_.empty()) {
      const Node* node = pending_.back();
      pending_.pop_back();
      State& state = states_[*node];
      bool used = !state.live;
      for (std::size_t i = 0; i < node->outputs().size(); ++i) used = used || uses_[state.first + i] > 0;
      if (used) continue;
      state.live = false;
      for (const Tensor& input : node->inputs()) {
        --uses(input);
        pending_.push_back(&input.node());
      }
    }
  }

  void rewrite(const std::shared_ptr<const Node>& node) {
    const std::size_t first = states_[*node].first, count = node->outputs().size();
    auto current = node;
    // Behind the first change every node is made anew, so that the order of their numbers stays that of the
    // computation.
    if (changed_ && !node->inputs().empty()) {
      Tensors inputs;
      inputs.reserve(node->inputs().size());
      for (const Tensor& input : node->inputs()) inputs.push_back(now(input));
      current = std::make_shared<const Node>(*node, std::move(inputs));
      const std::size_t fresh = insert(*current).first;
      for (std::size_t i = 0; i < count; ++i) uses_[fresh + i] = uses_[first + i];
    }
    const NameScope scope(*node);  // of what the visit makes
    Tensors result = visit_(*current, *node, *this);
    if (result.empty()) {
      for (std::size_t i = 0; i < count; ++i) now_[first + i] = Tensor(current, static_cast<int>(i));
      return;
    }
    changed_ = true;
    for (int times = 0; replace(current, result); ++times) {
      if (times >= kMostReplacements)
        throw Error(message("the rewriting rules do not come to an end at ", to_string(current->op())));
      Tensors again = visit_(*(current = result[0].node_ptr()), *node, *this);
      if (again.empty()) break;
      result = std::move(again);
    }
    for (std::size_t i = 0; i < count; ++i) now_[first + i] = std::move(result[i]);
  }

  // Gives the uses of a node to other tensors. True if these are the outputs of one new node, which is to be visited.
  bool replace(const std::shared_ptr<const Node>& node, const Tensors& replacements) {
    std::vector<int> moved;  // not the uses by what the visit has made of the node itself
    for (std::size_t i = 0; i < replacements.size(); ++i) moved.push_back(uses_[states_[*node].first + i]);
    bool whole = true, added = false;
    for (std::size_t i = 0; i < replacements.size(); ++i) {
      if (adopt(replacements[i])) added = true;
      whole = whole && replacements[i].same(Tensor(replacements[0].node_ptr(), static_cast<int>(i)));
    }
    for (std::size_t i = 0; i < replacements.size(); ++i) {
      uses(replacements[i]) += moved[i];
      uses_[states_[*node].first + i] -= moved[i];
    }
    drop_if_unused(*node);
    return added && whole;
  }

  static constexpr int kMostReplacements = 100;  // of one node
  const Outputs& outputs_;
  const Visit& visit_;
  Nodes nodes_;
  internal::NodeTable<State> states_;
  std::vector<int> uses_;
  Tensors now_;
  std::vector<const Node*> pending_;
  bool changed_ = false;
};

}  // namespace

Outputs sweep(const Outputs& outputs, const Visit& visit) { return Sweep(outputs, reachable(outputs), visit).run(); }

Outputs sweep_where(const Outputs& outputs, bool (*where)(const Node& node), const Visit& visit) {
  auto nodes = reachable(outputs);
  if (std::none_of(nodes.begin(), nodes.end(), [&](const auto& node) { return where(*node); })) return outputs;
  return Sweep(outputs, std::move(nodes), visit).run();
}

Visit visit_of(std::vector<NamedRule> rules) {
  return [rules = std::move(rules)](const Node& node, const Node&, const Users& users) -> Tensors {
    for (const auto& [name, rule] : rules) {
      Tensors replaced = rule(node, users);
      if (replaced.empty()) continue;
      bool fits = replaced.size() == node.outputs().size();
      for (std::size_t i = 0; fits && i < replaced.size(); ++i)
        fits = replaced[i].defined() && replaced[i].spec() == node.outputs()[i];
      if (!fits)
        throw Error(message("the rewriting rule '", name, "' replaces ", to_string(node.op()),
                            " by what has other dtypes or shapes"));
      return replaced;
    }
    return {};
  };
}

Visit in_turn(std::vector<Visit> visits) {
  return [visits = std::move(visits)](const Node& node, const Node& original, const Users& users) {
    Tensors replaced;
    for (auto visit = visits.begin(); replaced.empty() && visit != visits.end(); ++visit)
      replaced = (*visit)(node, original, users);
    return replaced;
  };
}

bool same_computation(const Outputs& a, const Outputs& b) {
  const auto same_tensor = [](const Tensor& x, const Tensor& y) { return x.same(y); };
  const auto same_update = [](const Outputs::Update& x, const Outputs::Update& y) {
    return x.first == y.first && x.second.same(y.second);
  };
  return std::equal(a.tensors().begin(), a.tensors().end(), b.tensors().begin(), b.tensors().end(), same_tensor) &&
         std::equal(a.updates().begin(), a.updates().end(), b.updates().begin(), b.updates().end(), same_update);
}

}  // namespace cornu::graph::internal
