#include "cornu/graph/internal/sweep.h"

#include <unordered_map>

#include "cornu/graph/check.h"

namespace cornu::graph::internal {
namespace {

// Counts are kept right while the computation changes: a use is a reference of a node that is part of the new computation, or of an old node
// that is still to be visited. Nodes that lose their last use give back the uses of their inputs.
class Sweep final : public Users {
 public:
  Sweep(const Outputs& outputs, const Visit& visit) : outputs_(outputs), visit_(visit), nodes_(reachable(outputs)) {
    states_.reserve(2 * nodes_.size());
    uses_.reserve(2 * nodes_.size());
    for (const auto& node : nodes_) insert(*node);
    for (const auto& node : nodes_)
      for (const Tensor& input : node->inputs()) ++uses(input);
    for (const Tensor& tensor : outputs.tensors()) ++uses(tensor);
    for (const auto& [variable, value] : outputs.updates()) ++uses(value);
    now_.resize(uses_.size());
  }

  int of(const Tensor& tensor) const override {
    const auto found = states_.find(&tensor.node());
    return found == states_.end() ? 0 : uses_[found->second.first + tensor.index()];
  }

  Outputs run() {
    for (const auto& node : nodes_) rewrite(node);
    if (!changed_) return outputs_;
    Tensors tensors;
    std::vector<Outputs::Update> updates;
    for (const Tensor& tensor : outputs_.tensors()) tensors.push_back(now(tensor));
    for (const auto& [variable, value] : outputs_.updates()) updates.emplace_back(variable, now(value));
    return Outputs(std::move(tensors), std::move(updates));
  }

 private:
  struct State {
    std::size_t first;  // of the node's entries in uses_ (and of an old node's in now_)
    bool live;
  };

  State& insert(const Node& node) {
    const auto [at, added] = states_.try_emplace(&node, State{uses_.size(), true});
    if (added) uses_.resize(uses_.size() + node.outputs().size());
    return at->second;
  }
  int& uses(const Tensor& tensor) { return uses_[states_.at(&tensor.node()).first + tensor.index()]; }
  Tensor& now(const Tensor& old) { return now_[states_.at(&old.node()).first + old.index()]; }

  // Takes a tensor that is to be used, with all that it is computed from, into the new computation. True if its node was not there.
  bool adopt(const Tensor& tensor) {
    const auto join = [&](const std::shared_ptr<const Node>& node) {
      const auto found = states_.find(node.get());
      if (found != states_.end() && found->second.live) return false;
      insert(*node).live = true;
      kept_.push_back(node);
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
      State& state = states_.at(node);
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
    const std::size_t first = states_.at(node.get()).first, count = node->outputs().size();
    Tensors inputs;
    inputs.reserve(node->inputs().size());
    bool same = true;
    for (const Tensor& input : node->inputs()) {
      inputs.push_back(now(input));
      same = same && inputs.back().same(input);
    }
    auto current = node;
    // Behind the first change every node is made anew, so that the order of their numbers stays that of the computation.
    if (!same || (changed_ && !inputs.empty())) {
      current = std::make_shared<const Node>(node->op_ptr(), std::move(inputs), node->outputs(), node->scope());
      kept_.push_back(current);
      const std::size_t fresh = insert(*current).first;
      for (std::size_t i = 0; i < count; ++i) uses_[fresh + i] = uses_[first + i];
      changed_ = true;
    }
    const NameScope scope(node->scope());  // of what the visit makes
    Tensors result;
    for (std::size_t i = 0; i < count; ++i) result.emplace_back(current, static_cast<int>(i));
    for (int times = 0;; ++times) {
      require<Error>(times < kMostReplacements, "the rewriting rules do not come to an end at ", to_string(current->op()));
      Tensors replaced = visit_(*current, *node, *this);
      if (replaced.empty()) break;
      std::vector<int> moved;  // not the uses by what the rule has made of the node itself
      for (const Tensor& old : result) moved.push_back(uses(old));
      bool whole = true, added = false;  // all outputs of one new node, which is visited then
      for (std::size_t i = 0; i < count; ++i) {
        if (adopt(replaced[i])) added = true;
        whole = whole && replaced[i].same(Tensor(replaced[0].node_ptr(), static_cast<int>(i)));
      }
      for (std::size_t i = 0; i < count; ++i) {
        uses(replaced[i]) += moved[i];
        uses(result[i]) -= moved[i];
      }
      drop_if_unused(*current);
      result = std::move(replaced);
      changed_ = true;
      if (!added || !whole) break;
      current = result[0].node_ptr();
    }
    for (std::size_t i = 0; i < count; ++i) now_[first + i] = result[i];
  }

  static constexpr int kMostReplacements = 100;  // of one node
  const Outputs& outputs_;
  const Visit& visit_;
  std::vector<std::shared_ptr<const Node>> nodes_, kept_;  // kept: so that no address is used twice
  std::unordered_map<const Node*, State> states_;
  std::vector<int> uses_;
  Tensors now_;
  std::vector<const Node*> pending_;
  bool changed_ = false;
};

}  // namespace

Outputs sweep(const Outputs& outputs, const Visit& visit) { return Sweep(outputs, visit).run(); }

Outputs apply_rules(const Outputs& outputs, std::span<const NamedRule> rules) {
  return sweep(outputs, [&](const Node& node, const Node&, const Users& users) -> Tensors {
    for (const auto& [name, rule] : rules) {
      Tensors replaced = rule(node, users);
      if (replaced.empty()) continue;
      bool fits = replaced.size() == node.outputs().size();
      for (std::size_t i = 0; fits && i < replaced.size(); ++i) fits = replaced[i].defined() && replaced[i].spec() == node.outputs()[i];
      require<Error>(fits, "the rewriting rule '", name, "' replaces ", to_string(node.op()), " by what has other dtypes or shapes");
      return replaced;
    }
    return {};
  });
}

}  // namespace cornu::graph::internal
