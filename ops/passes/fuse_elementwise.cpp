#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "cornu/graph/internal/node_table.h"
#include "cornu/graph/pass.h"
#include "cornu/ops/internal/fused_op.h"
#include "cornu/ops/internal/grid.h"
#include "cornu/ops/internal/pointwise_nodes.h"

// Chains of elementwise ops -> one loop that reads each input once and writes what others need.
namespace cornu::ops {
namespace {

using graph::Node;
using internal::Expression;
using internal::Value;
using Nodes = std::vector<std::shared_ptr<const Node>>;

constexpr std::size_t kMembers = 40;   // of a group
constexpr std::size_t kOperands = 14;  // inputs and outputs of one loop together
static_assert(kOperands <= internal::kLoopOperands);

// Groups of nodes that become one. A group runs where its last member stood, so no other node before that may need what a member gives.
class Groups {
 public:
  explicit Groups(const graph::Outputs& outputs)
      : nodes_(graph::reachable(outputs)), number_(nodes_.empty() ? 0 : nodes_.front()->id(), nodes_.empty() ? 0 : nodes_.back()->id(), nodes_.size()),
        group_(nodes_.size(), -1), users_(nodes_.size()) {
    for (std::size_t i = 0; i < nodes_.size(); ++i) number_[*nodes_[i]] = static_cast<int>(i);
    inputs_.resize(nodes_.size());
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      const std::int64_t n = nodes_[i]->outputs().empty() ? 0 : nodes_[i]->outputs()[0].shape.elements();
      inputs_[i].reserve(nodes_[i]->inputs().size());
      for (const Tensor& input : nodes_[i]->inputs()) {
        const int producer = number_[input.node()];
        const std::int64_t m = input.shape().elements();
        inputs_[i].push_back({producer, input.index(), m == n || m == 1 ? nullptr : &input.shape(), internal::constant_number(input).has_value()});
        users_[static_cast<std::size_t>(producer)].push_back(static_cast<int>(i));
      }
    }
    const auto outside = [&](const Tensor& tensor) { users_[static_cast<std::size_t>(number_[tensor.node()])].push_back(kOutside); };
    for (const Tensor& tensor : outputs.tensors()) outside(tensor);
    for (const auto& [variable, value] : outputs.updates()) outside(value);
    for (std::size_t i = 0; i < nodes_.size(); ++i)
      if (internal::has_formula(*nodes_[i])) place(static_cast<int>(i));
  }

  const Nodes& nodes() const { return nodes_; }
  /// The group whose last member this is, else nothing.
  const std::vector<int>* ending_at(std::size_t i) const {
    if (group_[i] < 0 || members_[static_cast<std::size_t>(group_[i])].back() != static_cast<int>(i)) return nullptr;
    return &members_[static_cast<std::size_t>(group_[i])];
  }
  bool within_group(std::size_t i) const { return group_[i] >= 0; }
  /// Whether anything but the members reads what this node gives.
  bool needed_outside(int i, const std::vector<int>& members) const {
    return std::any_of(users_[static_cast<std::size_t>(i)].begin(), users_[static_cast<std::size_t>(i)].end(),
                       [&](int user) { return !std::binary_search(members.begin(), members.end(), user); });
  }

 private:
  static constexpr int kOutside = 1 << 30;  // an output or an update: comes after everything

  // Puts the node into one group with those of its inputs, as far as they go together.
  void place(int i) {
    const Node& node = *nodes_[static_cast<std::size_t>(i)];
    std::vector<int> members{i};
    std::vector<int> joined;
    for (const Input& input : inputs_[static_cast<std::size_t>(i)]) {
      const int group = group_[static_cast<std::size_t>(input.producer)];
      if (group < 0 || std::find(joined.begin(), joined.end(), group) != joined.end()) continue;
      const std::vector<int>& others = members_[static_cast<std::size_t>(group)];
      if (nodes_[static_cast<std::size_t>(others[0])]->outputs()[0].shape != node.outputs()[0].shape) continue;
      std::vector<int> both;
      std::merge(members.begin(), members.end(), others.begin(), others.end(), std::back_inserter(both));
      if (!fits(both, i)) continue;
      members = std::move(both);
      joined.push_back(group);
    }
    if (joined.empty() && !fits(members, i)) return;
    const int own = joined.empty() ? static_cast<int>(members_.size()) : joined.front();
    if (joined.empty()) members_.emplace_back();
    for (const int other : joined) members_[static_cast<std::size_t>(other)].clear();
    for (const int member : members) group_[static_cast<std::size_t>(member)] = own;
    members_[static_cast<std::size_t>(own)] = std::move(members);
  }

  bool fits(const std::vector<int>& members, int last) const {
    if (members.size() > kMembers) return false;
    std::size_t operands = 0;
    std::vector<std::pair<int, int>> inputs;
    std::vector<Shape> shapes;
    for (const int member : members) {
      bool output = false;
      for (const int user : users_[static_cast<std::size_t>(member)]) {
        if (std::binary_search(members.begin(), members.end(), user)) continue;
        if (user < last) return false;
        output = true;
      }
      operands += output;
      for (const Input& input : inputs_[static_cast<std::size_t>(member)]) {
        if (input.number || std::binary_search(members.begin(), members.end(), input.producer)) continue;
        const std::pair key{input.producer, input.index};
        if (std::find(inputs.begin(), inputs.end(), key) != inputs.end()) continue;
        inputs.push_back(key);
        if (input.shape) shapes.push_back(*input.shape);
      }
    }
    operands += inputs.size();
    return operands <= kOperands && (shapes.empty() || internal::grid_of(nodes_[static_cast<std::size_t>(last)]->outputs()[0].shape, shapes).has_value());
  }

  struct Input {
    int producer, index;
    const Shape* shape;  // null if it follows the output or is one number: those fit every grid
    bool number;         // stands in the code
  };

  Nodes nodes_;
  graph::internal::NodeTable<int> number_;
  std::vector<std::vector<Input>> inputs_;  // by node
  std::vector<int> group_;                 // by node
  std::vector<std::vector<int>> users_;    // by node
  std::vector<std::vector<int>> members_;  // by group, sorted
};

graph::Outputs fuse_elementwise(const graph::Outputs& outputs) {
  const Groups groups(outputs);
  const Nodes& nodes = groups.nodes();
  std::unordered_map<const Node*, Tensors> now;
  now.reserve(nodes.size());
  const auto rewritten = [&](const Tensor& old) { return now.at(&old.node())[static_cast<std::size_t>(old.index())]; };

  const auto copy = [&](const std::shared_ptr<const Node>& node) {
    Tensors inputs;
    bool same = true;
    for (const Tensor& input : node->inputs()) {
      inputs.push_back(rewritten(input));
      same = same && inputs.back().same(input);
    }
    const auto made = same ? node : std::make_shared<const Node>(node->op_ptr(), std::move(inputs), node->outputs(), node->scope());
    Tensors& outputs_now = now[node.get()];
    for (int i = 0; i < static_cast<int>(node->outputs().size()); ++i) outputs_now.emplace_back(made, i);
  };

  const auto fuse = [&](const std::vector<int>& members) {
    internal::PointwiseNodes chain;
    for (const int member : members) chain.add(*nodes[static_cast<std::size_t>(member)]);
    std::vector<const Node*> kept;
    for (const int member : members)
      if (groups.needed_outside(member, members)) kept.push_back(nodes[static_cast<std::size_t>(member)].get());
    auto op = std::make_shared<internal::Fused>();
    op->expression = chain.expression(kept);
    Tensors inputs;
    for (const Tensor& input : chain.inputs()) inputs.push_back(rewritten(input));
    for (const Node* node : kept) op->results.push_back(node->outputs()[0]);
    const graph::Specs results = op->results;
    const auto made = std::make_shared<const Node>(std::move(op), std::move(inputs), results, kept.back()->scope());
    for (std::size_t i = 0; i < kept.size(); ++i) now[kept[i]] = {Tensor(made, static_cast<int>(i))};
  };

  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const auto* members = groups.ending_at(i);
    if (members && (members->size() > 1 || internal::better_alone(*nodes[i]))) fuse(*members);
    else if (members || !groups.within_group(i)) copy(nodes[i]);
  }
  graph::Outputs result;
  for (const Tensor& tensor : outputs.tensors()) result.add(rewritten(tensor));
  for (const auto& [variable, value] : outputs.updates()) result.update(variable, rewritten(value));
  return result;
}

const bool registered = graph::register_rewrite("fusion", 1, "elementwise", fuse_elementwise);

}  // namespace
}  // namespace cornu::ops
