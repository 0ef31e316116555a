#include <algorithm>
#include <queue>
#include <unordered_map>
#include <utility>

#include "cornu/graph/internal/node_table.h"
#include "cornu/graph/leaf.h"
#include "cornu/graph/passes/pass.h"
#include "cornu/graph/passes/passes.h"
#include "cornu/graph/plan/internal/plan.h"

namespace cornu::graph {
namespace {

// Less than this counts as nothing: a scalar on which all updates depend must not hold them up.
constexpr std::size_t kSmall = 1024;

// Nodes that can run are taken by two rules: first what does not make the memory in use grow, and of that what frees
// most, such as a variable's update, after which nobody needs the gradient; then in the order in which they were made.
class NodeOrder {
 public:
  using Nodes = std::vector<std::shared_ptr<const Node>>;

  explicit NodeOrder(const Outputs& outputs)
      : outputs_(outputs),
        all_(reachable(outputs)),
        number_(all_.empty() ? 0 : all_.front()->id(), all_.empty() ? 0 : all_.back()->id(), all_.size()) {}

  Nodes find() {
    for (std::size_t i = 0; i < all_.size(); ++i) number_[*all_[i]] = i;
    nodes_.resize(all_.size());
    list_values();
    list_readers();
    let_readers_go_first();
    keep_effects_in_order();
    return run();
  }

 private:
  struct Value {  // what takes memory: an output of a node that computes
    std::size_t bytes = 0;
    std::size_t first_reader = 0, readers = 0;  // in `readers_`
    std::size_t waiting = 0;                    // readers that have not run
    bool stays = false;                         // the caller gets it
  };
  struct Edges {
    std::vector<std::size_t> reads;         // values, each once
    std::size_t first_value = 0;            // of its outputs; those of a view are its input's
    std::size_t first_user = 0, users = 0;  // in `users_`
    std::size_t inputs = 0;                 // that are not computed
    std::vector<std::size_t> later;         // updates that wait for this reader
    std::size_t earlier = 0;                // readers that this update waits for
    bool done = false;
  };
  struct Ready {
    std::size_t frees, node;
    bool operator<(const Ready& other) const {  // the last one is taken first
      return frees != other.frees ? frees < other.frees : node > other.node;
    }
  };
  using Numbers = std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>>;

  std::size_t value_of(const Tensor& tensor) {
    const Edges& node = nodes_[number_[tensor.node()]];
    return node.first_value + static_cast<std::size_t>(tensor.index());
  }

  void list_values() {
    for (std::size_t i = 0; i < all_.size(); ++i) {
      const Node& node = *all_[i];
      if (node.op().traits().view) {
        nodes_[i].first_value = value_of(node.inputs()[0]);
        continue;
      }
      nodes_[i].first_value = values_.size();
      for (const Spec& spec : node.outputs()) {
        values_.emplace_back();
        if (!is_leaf(node) && spec.bytes() >= kSmall) values_.back().bytes = spec.bytes();
      }
    }
    for (const Tensor& tensor : outputs_.tensors()) values_[value_of(tensor)].stays = true;
    for (const auto& [variable, value] : outputs_.updates()) {  // mostly written where the variable is
      values_[value_of(value)].stays = true;
      values_[value_of(value)].bytes = 0;
    }
  }

  // Its numbers are there already.
  static bool is_leaf(const Node& node) {
    return as<Parameter>(node.op()) || as<Constant>(node.op()) || as<ReadVariable>(node.op());
  }

  // Who reads which value, and who waits for which node: lists in two arrays, since there may be thousands.
  void list_readers() {
    for (std::size_t i = 0; i < all_.size(); ++i) {
      nodes_[i].inputs = all_[i]->inputs().size();
      for (const Tensor& input : all_[i]->inputs()) {
        ++nodes_[number_[input.node()]].users;
        if (all_[i]->op().traits().view) continue;
        auto& reads = nodes_[i].reads;
        const std::size_t value = value_of(input);
        if (std::find(reads.begin(), reads.end(), value) == reads.end()) reads.push_back(value);
      }
      for (const std::size_t value : nodes_[i].reads) ++values_[value].readers;
    }
    std::size_t total = 0;
    for (Edges& node : nodes_) {
      node.first_user = total;
      total += std::exchange(node.users, 0);
    }
    users_.resize(total);
    total = 0;
    for (Value& value : values_) {
      value.first_reader = total;
      total += value.readers;
      value.waiting = std::exchange(value.readers, 0);
    }
    readers_.resize(total);
    for (std::size_t i = 0; i < all_.size(); ++i) {
      for (const Tensor& input : all_[i]->inputs()) {
        Edges& producer = nodes_[number_[input.node()]];
        users_[producer.first_user + producer.users++] = i;
      }
      for (const std::size_t read : nodes_[i].reads) {
        Value& value = values_[read];
        readers_[value.first_reader + value.readers++] = i;
      }
    }
  }

  // What reads a variable goes before the update, which can then be written in place.
  void let_readers_go_first() {
    std::unordered_map<const void*, std::vector<std::size_t>> readers;
    for (const auto& [variable, value] : outputs_.updates()) readers.try_emplace(variable.id());
    for (std::size_t i = 0; i < all_.size(); ++i)
      for (const Tensor& input : all_[i]->inputs()) {
        const Node* from = &input.node();
        while (from->op().traits().view) from = &from->inputs()[0].node();
        const auto* read = as<ReadVariable>(from->op());
        if (!read) continue;
        if (const auto updated = readers.find(read->variable.id()); updated != readers.end())
          updated->second.push_back(i);
      }
    for (const auto& [variable, value] : outputs_.updates()) {
      const std::size_t update = number_[value.node()];
      for (const std::size_t reader : readers[variable.id()]) {
        if (reader == update) continue;
        nodes_[reader].later.push_back(update);
        ++nodes_[update].earlier;
      }
    }
  }

  // As if each read what the one before it gives. Not by the nodes' numbers, which rewriting changes.
  void keep_effects_in_order() {
    std::vector<std::pair<std::int64_t, std::size_t>> effects;
    for (std::size_t i = 0; i < all_.size(); ++i)
      if (const std::int64_t effect = all_[i]->op().traits().effect; effect > 0) effects.emplace_back(effect, i);
    std::sort(effects.begin(), effects.end());
    for (std::size_t k = 1; k < effects.size(); ++k) {
      next_effect_[effects[k - 1].second] = effects[k].second;
      ++nodes_[effects[k].second].inputs;
    }
  }

  // Bytes that are free after this node less those that it takes; nothing if they are more.
  std::ptrdiff_t freed_by(std::size_t i) const {
    std::ptrdiff_t bytes = 0;
    for (const std::size_t read : nodes_[i].reads)
      if (values_[read].waiting == 1 && !values_[read].stays) bytes += static_cast<std::ptrdiff_t>(values_[read].bytes);
    if (all_[i]->op().traits().view) return bytes;
    for (std::size_t k = 0; k < all_[i]->outputs().size(); ++k)
      bytes -= static_cast<std::ptrdiff_t>(values_[nodes_[i].first_value + k].bytes);
    return bytes;
  }

  void offer(std::size_t i) {
    if (nodes_[i].inputs > 0 || nodes_[i].done) return;
    if (nodes_[i].earlier > 0) return held_.push(i);
    const std::ptrdiff_t freed = frees_early_ ? freed_by(i) : -1;
    if (freed >= 0) return first_.push({static_cast<std::size_t>(freed), i});
    then_.push(i);
  }

  std::size_t take() {
    if (!first_.empty()) {
      const std::size_t i = first_.top().node;
      first_.pop();
      return i;
    }
    Numbers& from = then_.empty() ? held_ : then_;  // readers that need the update itself: it does not wait
    const std::size_t i = from.top();
    from.pop();
    return i;
  }

  Nodes run() {
    Nodes order;
    order.reserve(all_.size());
    for (std::size_t i = 0; i < all_.size(); ++i) offer(i);
    while (order.size() < all_.size()) {
      const std::size_t i = take();
      if (std::exchange(nodes_[i].done, true)) continue;
      order.push_back(all_[i]);
      for (const std::size_t read : nodes_[i].reads) {
        Value& value = values_[read];
        if (--value.waiting != 1) continue;
        for (std::size_t k = 0; k < value.readers; ++k) offer(readers_[value.first_reader + k]);  // one is the last
      }
      for (std::size_t k = 0; k < nodes_[i].users; ++k)
        if (const std::size_t user = users_[nodes_[i].first_user + k]; --nodes_[user].inputs == 0) offer(user);
      for (const std::size_t update : nodes_[i].later)
        if (--nodes_[update].earlier == 0) offer(update);
      if (const auto next = next_effect_.find(i); next != next_effect_.end() && --nodes_[next->second].inputs == 0)
        offer(next->second);
    }
    return order;
  }

  const Outputs& outputs_;
  const Nodes all_;  // in the order in which they were made
  internal::NodeTable<std::size_t> number_;
  std::vector<Edges> nodes_;
  std::vector<Value> values_;
  std::vector<std::size_t> users_, readers_;
  std::unordered_map<std::size_t, std::size_t> next_effect_;
  std::priority_queue<Ready> first_;
  Numbers then_, held_;  // those that make memory grow; those that still wait for a reader
  const bool frees_early_ = passes::enabled("scheduling");
};

}  // namespace

std::vector<std::shared_ptr<const Node>> schedule_nodes(const Outputs& outputs) { return NodeOrder(outputs).find(); }

}  // namespace cornu::graph
