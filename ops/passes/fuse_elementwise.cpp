#include <algorithm>
#include <span>

#include "cornu/graph/internal/node_table.h"
#include "cornu/graph/passes/pass.h"
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

// A list of numbers for each of many things, in one piece of memory.
class Lists {
 public:
  /// With room for so many numbers of each.
  explicit Lists(const std::vector<int>& sizes) : first_(sizes.size() + 1, 0), end_(sizes.size()) {
    for (std::size_t i = 0; i < sizes.size(); ++i) first_[i + 1] = first_[i] + sizes[i];
    std::copy_n(first_.begin(), end_.size(), end_.begin());
    values_.resize(static_cast<std::size_t>(first_.back()));
  }
  void add(int to, int value) { values_[static_cast<std::size_t>(end_[static_cast<std::size_t>(to)]++)] = value; }
  std::span<const int> operator[](int i) const {
    const auto at = static_cast<std::size_t>(i);
    return {values_.data() + first_[at], static_cast<std::size_t>(end_[at] - first_[at])};
  }

 private:
  std::vector<int> values_, first_, end_;
};

// Groups of nodes that become one. A group runs where its last member stood, so no other node before that may need what
// a member gives.
class Groups {
 public:
  explicit Groups(const graph::Outputs& outputs)
      : nodes_(graph::reachable(outputs)),
        number_(nodes_.empty() ? 0 : nodes_.front()->id(), nodes_.empty() ? 0 : nodes_.back()->id(), nodes_.size()),
        group_(nodes_.size(), -1),
        users_(look_at_inputs(outputs)) {
    for (int i = 0; i < static_cast<int>(nodes_.size()); ++i)
      for (const Input& input : inputs(i)) users_.add(input.producer, i);
    each_result(outputs, [&](const Tensor& tensor) { users_.add(number(tensor.node()), kOutside); });
    for (int i = 0; i < static_cast<int>(nodes_.size()); ++i)
      if (internal::has_formula(node(i))) place(i);
  }

  const Nodes& nodes() const { return nodes_; }
  int number(const Node& node) const { return *number_.find(node); }
  /// The group whose last member this is, else nothing.
  const std::vector<int>* ending_at(int i) const {
    const int group = group_[static_cast<std::size_t>(i)];
    return group >= 0 && members(group).back() == i ? &members(group) : nullptr;
  }
  bool within_group(int i) const { return group_[static_cast<std::size_t>(i)] >= 0; }
  /// Whether anything but the members reads what this node gives.
  bool needed_outside(int i, const std::vector<int>& members) const {
    const auto users = users_[i];
    return std::any_of(users.begin(), users.end(),
                       [&](int user) { return !std::binary_search(members.begin(), members.end(), user); });
  }

 private:
  static constexpr int kOutside = 1 << 30;  // an output or an update: comes after everything

  struct Input {
    int producer, index;
    const Shape* shape;  // null if it follows the output or is one number: those fit every grid
    bool number;         // stands in the code
  };

  const Node& node(int i) const { return *nodes_[static_cast<std::size_t>(i)]; }
  const std::vector<int>& members(int group) const { return members_[static_cast<std::size_t>(group)]; }
  std::span<const Input> inputs(int i) const {
    return {inputs_.data() + first_input_[static_cast<std::size_t>(i)], node(i).inputs().size()};
  }

  template <class F>
  static void each_result(const graph::Outputs& outputs, F&& f) {
    for (const Tensor& tensor : outputs.tensors()) f(tensor);
    for (const auto& [variable, value] : outputs.updates()) f(value);
  }

  // Fills number_ and inputs_. Returns how many users each node has.
  std::vector<int> look_at_inputs(const graph::Outputs& outputs) {
    std::vector<int> counts(nodes_.size(), 0);
    first_input_.reserve(nodes_.size());
    inputs_.reserve(2 * nodes_.size());
    for (int i = 0; i < static_cast<int>(nodes_.size()); ++i) {
      number_[node(i)] = i;
      first_input_.push_back(inputs_.size());
      const std::int64_t n = node(i).outputs().empty() ? 0 : node(i).outputs()[0].shape.elements();
      for (const Tensor& input : node(i).inputs()) {
        const int producer = number(input.node());
        const std::int64_t m = input.shape().elements();
        inputs_.push_back({producer, input.index(), m == n || m == 1 ? nullptr : &input.shape(),
                           m == 1 && internal::constant_number(input)});
        ++counts[static_cast<std::size_t>(producer)];
      }
    }
    each_result(outputs, [&](const Tensor& tensor) { ++counts[static_cast<std::size_t>(number(tensor.node()))]; });
    return counts;
  }

  // Puts the node into one group with those of its inputs, as far as they go together.
  void place(int i) {
    together_.assign(1, i);
    joined_.clear();
    for (const Input& input : inputs(i)) {
      const int group = group_[static_cast<std::size_t>(input.producer)];
      if (group < 0 || std::find(joined_.begin(), joined_.end(), group) != joined_.end()) continue;
      const std::vector<int>& others = members(group);
      if (node(others[0]).outputs()[0].shape != node(i).outputs()[0].shape) continue;
      merged_.clear();
      std::merge(together_.begin(), together_.end(), others.begin(), others.end(), std::back_inserter(merged_));
      if (!fits(merged_, i)) continue;
      together_.swap(merged_);
      joined_.push_back(group);
    }
    if (joined_.empty() && !fits(together_, i)) return;
    const int own = joined_.empty() ? static_cast<int>(members_.size()) : joined_.front();
    if (joined_.empty()) members_.emplace_back();
    for (const int other : joined_) members_[static_cast<std::size_t>(other)].clear();
    for (const int member : together_) group_[static_cast<std::size_t>(member)] = own;
    members_[static_cast<std::size_t>(own)] = together_;
  }

  bool fits(const std::vector<int>& members, int last) {
    if (members.size() > kMembers) return false;
    std::size_t operands = 0;
    read_.clear();
    shapes_.clear();
    for (const int member : members) {
      bool output = false;
      for (const int user : users_[member]) {
        if (std::binary_search(members.begin(), members.end(), user)) continue;
        if (user < last) return false;
        output = true;
      }
      operands += output;
      for (const Input& input : inputs(member)) {
        if (input.number || std::binary_search(members.begin(), members.end(), input.producer)) continue;
        const std::pair key{input.producer, input.index};
        if (std::find(read_.begin(), read_.end(), key) != read_.end()) continue;
        read_.push_back(key);
        if (input.shape) shapes_.push_back(*input.shape);
      }
    }
    operands += read_.size();
    return operands <= kOperands &&
           (shapes_.empty() || internal::grid_of(node(last).outputs()[0].shape, shapes_).has_value());
  }

  Nodes nodes_;
  graph::internal::NodeTable<int> number_;
  std::vector<Input> inputs_;              // of all nodes
  std::vector<std::size_t> first_input_;   // by node
  std::vector<int> group_;                 // by node
  Lists users_;                            // by node
  std::vector<std::vector<int>> members_;  // by group, sorted

  // Kept from node to node for their memory.
  std::vector<int> together_, merged_, joined_;
  std::vector<std::pair<int, int>> read_;
  std::vector<Shape> shapes_;
};

graph::Outputs fuse_elementwise(const graph::Outputs& outputs) {
  const Groups groups(outputs);
  const Nodes& nodes = groups.nodes();
  Tensors now;                     // what stands for every output of every node
  std::vector<std::size_t> first;  // by node: in `now`
  std::size_t count = 0;
  for (const auto& node : nodes) {
    first.push_back(count);
    count += node->outputs().size();
  }
  now.resize(count);
  const auto place = [&](const Node& node, int index) -> Tensor& {
    return now[first[static_cast<std::size_t>(groups.number(node))] + static_cast<std::size_t>(index)];
  };
  const auto rewritten = [&](const Tensor& old) -> const Tensor& { return place(old.node(), old.index()); };

  const auto copy = [&](const std::shared_ptr<const Node>& node) {
    Tensors inputs;
    inputs.reserve(node->inputs().size());
    bool same = true;
    for (const Tensor& input : node->inputs()) {
      inputs.push_back(rewritten(input));
      same = same && inputs.back().same(input);
    }
    const auto made = same ? node : std::make_shared<const Node>(*node, std::move(inputs));
    for (int i = 0; i < static_cast<int>(node->outputs().size()); ++i) place(*node, i) = Tensor(made, i);
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
    inputs.reserve(chain.inputs().size());
    for (const Tensor& input : chain.inputs()) inputs.push_back(rewritten(input));
    for (const Node* node : kept) op->results.push_back(node->outputs()[0]);
    const graph::Specs results = op->results;
    const auto made = std::make_shared<const Node>(std::move(op), std::move(inputs), results, *kept.back());
    for (std::size_t i = 0; i < kept.size(); ++i) place(*kept[i], 0) = Tensor(made, static_cast<int>(i));
  };

  for (int i = 0; i < static_cast<int>(nodes.size()); ++i) {
    const auto& node = nodes[static_cast<std::size_t>(i)];
    const auto* members = groups.ending_at(i);
    if (members && (members->size() > 1 || internal::better_alone(*node)))
      fuse(*members);
    else if (members || !groups.within_group(i))
      copy(node);
  }
  return outputs.rewritten(rewritten);
}

const bool fuse_elementwise_registered = graph::register_rewrite("fusion", 1, "elementwise", fuse_elementwise);

}  // namespace
}  // namespace cornu::ops
