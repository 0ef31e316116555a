#include "cornu/graph/pass.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <typeinfo>
#include <unordered_map>
#include <unordered_set>

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"

namespace cornu::graph {
namespace {

using Key = std::pair<const Node*, int>;
struct KeyHash {
  std::size_t operator()(const Key& key) const { return std::hash<const void*>()(key.first) * 31 + static_cast<std::size_t>(key.second); }
};
Key key_of(const Tensor& tensor) { return {&tensor.node(), tensor.index()}; }

struct UseCounts final : Users {
  std::unordered_map<Key, int, KeyHash> counts;
  int of(const Tensor& tensor) const override {
    const auto found = counts.find(key_of(tensor));
    return found == counts.end() ? 0 : found->second;
  }
};

UseCounts count_uses(const Outputs& outputs, const std::vector<std::shared_ptr<const Node>>& nodes) {
  UseCounts uses;
  for (const auto& node : nodes)
    for (const Tensor& input : node->inputs()) ++uses.counts[key_of(input)];
  for (const Tensor& tensor : outputs.tensors()) ++uses.counts[key_of(tensor)];
  for (const auto& [variable, value] : outputs.updates()) ++uses.counts[key_of(value)];
  return uses;
}

// Rebuilds the computation from inputs to outputs; `visit` may replace a node whose inputs are rebuilt already.
Outputs rebuild(const Outputs& outputs, const Rule& visit) {
  const auto nodes = reachable(outputs);
  UseCounts uses = count_uses(outputs, nodes);
  std::unordered_map<Key, Tensor, KeyHash> rebuilt;
  const auto now = [&](const Tensor& old) { return rebuilt.at(key_of(old)); };
  for (const auto& node : nodes) {
    Tensors inputs;
    bool same = true;
    for (const Tensor& input : node->inputs()) {
      inputs.push_back(now(input));
      same = same && inputs.back().same(input);
    }
    const auto current = same ? node : std::make_shared<const Node>(node->op_ptr(), std::move(inputs), node->outputs(), node->scope());
    Tensors replaced = visit(*current, uses);
    for (int i = 0; i < static_cast<int>(node->outputs().size()); ++i) {
      const Tensor old(node, i), fresh = replaced.empty() ? Tensor(current, i) : replaced.at(i);
      rebuilt.emplace(key_of(old), fresh);
      if (!fresh.same(old)) uses.counts[key_of(fresh)] += uses.of(old);
    }
  }
  Outputs result;
  for (const Tensor& tensor : outputs.tensors()) result.add(now(tensor));
  for (const auto& [variable, value] : outputs.updates()) result.update(variable, now(value));
  return result;
}

// A text that is equal for nodes which compute the same; empty for nodes that must stay apart.
std::string identity(const Node& node) {
  const Op& op = node.op();
  if (op.traits().stateful) return {};
  std::string text = message(typeid(op).name(), ' ', to_string(op));
  if (const auto* read = dynamic_cast<const ReadVariable*>(&op)) text += message(read->variable.id());
  if (const auto* fixed = dynamic_cast<const Constant*>(&op)) {
    constexpr std::size_t kSmall = 64;
    const std::size_t bytes = fixed->value.nbytes();
    text += bytes <= kSmall ? std::string(reinterpret_cast<const char*>(fixed->value.bytes()), bytes) : message(fixed->value.bytes());
  }
  for (const Tensor& input : node.inputs()) text += message(' ', input.node().id(), ':', input.index());
  return text;
}

Outputs merge_equal_nodes(const Outputs& outputs) {
  std::unordered_map<std::string, Tensors> seen;
  return rebuild(outputs, [&](const Node& node, const Users&) -> Tensors {
    const std::string text = identity(node);
    if (text.empty()) return {};
    const auto found = seen.find(text);
    if (found != seen.end()) return found->second;
    Tensors own;
    const auto self = node.shared_from_this();
    for (int i = 0; i < static_cast<int>(node.outputs().size()); ++i) own.emplace_back(self, i);
    seen.emplace(text, std::move(own));
    return {};
  });
}

struct Registered {
  std::string name;
  Rule rule;
  Rules kind;
};
struct RuleList {
  std::mutex mutex;
  std::vector<Registered> list;
};
RuleList& rules() {
  static RuleList r;
  return r;
}
std::vector<Registered> registered_rules() {
  const std::lock_guard lock(rules().mutex);
  return rules().list;
}

}  // namespace

bool register_rule(std::string name, Rule rule, Rules kind) {
  const std::lock_guard lock(rules().mutex);
  for (const auto& other : rules().list) require<ValueError>(other.name != name, "a rewriting rule named '", name, "' is already registered");
  rules().list.push_back({std::move(name), std::move(rule), kind});
  // Static initialisation has no order over files: names make it the same in every build.
  std::sort(rules().list.begin(), rules().list.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return true;
}

std::vector<std::shared_ptr<const Node>> reachable(const Outputs& outputs) {
  std::vector<std::shared_ptr<const Node>> nodes;
  std::unordered_set<const Node*> seen;
  const auto add = [&](const Tensor& tensor) {
    if (seen.insert(&tensor.node()).second) nodes.push_back(tensor.node_ptr());
  };
  for (const Tensor& tensor : outputs.tensors()) add(tensor);
  for (const auto& [variable, value] : outputs.updates()) add(value);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const auto node = nodes[i];  // the vector grows
    for (const Tensor& input : node->inputs()) add(input);
  }
  std::sort(nodes.begin(), nodes.end(), [](const auto& a, const auto& b) { return a->id() < b->id(); });
  return nodes;
}

Outputs optimise(const Outputs& outputs) {
  Outputs result = merge_equal_nodes(outputs);
  for (const Registered& entry : registered_rules()) result = rebuild(result, entry.rule);
  return merge_equal_nodes(result);
}

Outputs legalise(const Outputs& outputs) {
  Outputs result = outputs;
  for (const Registered& entry : registered_rules())
    if (entry.kind == Rules::required) result = rebuild(result, entry.rule);
  return result;
}

}  // namespace cornu::graph
