#include <algorithm>
#include <span>
#include <unordered_set>

#include "cornu/graph/internal/implements.h"
#include "cornu/graph/internal/node_table.h"
#include "cornu/graph/passes/pass.h"
#include "cornu/ops/internal/fused_op.h"
#include "cornu/ops/internal/grid.h"
#include "cornu/ops/internal/pointwise_nodes.h"
#include "cornu/ops/internal/section.h"

// Chains of elementwise ops, and the sums over first axes of what they give -> one loop that reads each input once and
// writes what others need.
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

/// Inputs before users, but what reads and gives only few numbers stands where it is needed: between the loops over
/// large tensors it would keep them apart.
Nodes small_ones_late(const Nodes& nodes) {
  constexpr std::int64_t kFew = 4096;
  const auto few = [](const Shape& shape) { return shape.elements() <= kFew; };
  const auto is_small = [&](const Node& node) {
    return std::all_of(node.inputs().begin(), node.inputs().end(), [&](const Tensor& t) { return few(t.shape()); }) &&
           std::all_of(node.outputs().begin(), node.outputs().end(),
                       [&](const graph::Spec& s) { return few(s.shape); });
  };
  if (nodes.empty()) return nodes;
  graph::internal::NodeTable<int> waits(nodes.front()->id(), nodes.back()->id(), nodes.size());  // at which place
  Nodes ordered, path;
  ordered.reserve(nodes.size());
  const auto place = [&](const std::shared_ptr<const Node>& node) {
    path.assign(1, node);
    while (!path.empty()) {
      const auto next = path.back();
      const auto missing = std::find_if(next->inputs().begin(), next->inputs().end(),
                                        [&](const Tensor& t) { return waits[t.node()] >= 0; });
      if (missing != next->inputs().end()) {
        path.push_back(nodes[static_cast<std::size_t>(waits[missing->node()])]);
        continue;
      }
      path.pop_back();
      if (int& place = waits[*next]; place >= 0) {
        ordered.push_back(next);
        place = -1;
      }
    }
  };
  for (std::size_t i = 0; i < nodes.size(); ++i) waits[*nodes[i]] = static_cast<int>(i);
  for (const bool small : {false, true})
    for (const auto& node : nodes)
      if (is_small(*node) == small) place(node);
  return ordered;
}

// Groups of nodes that become one. A group runs where its last member stood, so no other node before that may need what
// a member gives.
class Groups {
 public:
  explicit Groups(const graph::Outputs& outputs)
      : nodes_(small_ones_late(graph::reachable(outputs))),
        number_(table()),
        group_(nodes_.size(), -1),
        sums_(sums_of(nodes_)),
        users_(look_at_inputs(outputs)) {
    for (int i = 0; i < static_cast<int>(nodes_.size()); ++i)
      for (const Input& input : inputs(i)) users_.add(input.producer, i);
    each_result(outputs, [&](const Tensor& tensor) { users_.add(number(tensor.node()), kOutside); });
    for (int i = 0; i < static_cast<int>(nodes_.size()); ++i)
      if (sum(i) || internal::has_formula(node(i))) place(i);
  }

  using Sum = internal::SumOfRows::Sum;

  const Nodes& nodes() const { return nodes_; }
  /// Set for a node that is no formula, but such a sum.
  const std::optional<Sum>& sum(int i) const { return sums_[static_cast<std::size_t>(i)]; }
  int number(const Node& node) const { return *number_.find(node); }
  /// The group whose last member this is, else nothing.
  const std::vector<int>* ending_at(int i) const {
    const int group = group_[static_cast<std::size_t>(i)];
    return group >= 0 && members(group).back() == i ? &members(group) : nullptr;
  }
  bool within_group(int i) const { return group_[static_cast<std::size_t>(i)] >= 0; }
  /// Whether anything but the members and those of `joined` reads what this node gives.
  bool needed_outside(int i, const std::vector<int>& members, const std::unordered_set<const Node*>& joined) const {
    const auto users = users_[i];
    return std::any_of(users.begin(), users.end(), [&](int user) {
      return !std::binary_search(members.begin(), members.end(), user) &&
             (user == kOutside || !joined.contains(&node(user)));
    });
  }
  /// The nodes that join what the members give, each into one tensor of rows, where nothing else is joined.
  std::vector<int> joins_of(const std::vector<int>& members) const {
    std::vector<int> joins;
    for (const int member : members)
      for (const int user : users_[member]) {
        if (user == kOutside || std::find(joins.begin(), joins.end(), user) != joins.end()) continue;
        const auto parts = inputs(user);
        if (graph::internal::implements<internal::JoinsSections>(node(user).op()) &&
            std::all_of(parts.begin(), parts.end(), [&](const Input& part) {
              return !sum(part.producer) && std::binary_search(members.begin(), members.end(), part.producer);
            }))
          joins.push_back(user);
      }
    return joins;
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

  graph::internal::NodeTable<int> table() const {
    std::uint64_t first = ~std::uint64_t{0}, last = 0;
    for (const auto& node : nodes_) first = std::min(first, node->id()), last = std::max(last, node->id());
    return {nodes_.empty() ? 0 : first, last, nodes_.size()};
  }
  static std::vector<std::optional<Sum>> sums_of(const Nodes& nodes) {
    std::vector<std::optional<Sum>> sums(nodes.size());
    for (std::size_t i = 0; i < nodes.size(); ++i)
      if (const auto* op = graph::internal::implements<internal::SumOfRows>(nodes[i]->op());
          op && nodes[i]->inputs()[0].dtype() == graph::float32)
        sums[i] = op->sum_of_rows(nodes[i]->inputs()[0].shape());
    return sums;
  }
  /// Of the chain that the node belongs to.
  const Shape& shape(int i) const { return sum(i) ? node(i).inputs()[0].shape() : node(i).outputs()[0].shape; }

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
      const std::int64_t n = node(i).outputs().empty() ? 0 : shape(i).elements();
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
      if (shape(others[0]) != shape(i)) continue;
      merged_.clear();
      std::merge(together_.begin(), together_.end(), others.begin(), others.end(), std::back_inserter(merged_));
      if (!fits(merged_, i)) continue;
      together_.swap(merged_);
      joined_.push_back(group);
    }
    if (joined_.empty() && (sum(i) || !fits(together_, i))) return;
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
    std::optional<std::pair<std::int64_t, std::int64_t>> rows;  // and columns: all sums are of the same ones
    for (const int member : members) {
      if (const auto& sum = this->sum(member)) {
        if (rows && *rows != std::pair{sum->rows, sum->columns}) return false;
        rows = {sum->rows, sum->columns};
      }
      bool output = false;
      for (const int user : users_[member]) {
        if (std::binary_search(members.begin(), members.end(), user)) continue;
        if (user < last) return false;
        output = true;
      }
      operands += output;
      for (const Input& input : inputs(member)) {
        if (input.number) continue;
        if (std::binary_search(members.begin(), members.end(), input.producer)) {
          if (sum(input.producer)) return false;  // known when the loop has ended
          continue;
        }
        const std::pair key{input.producer, input.index};
        if (std::find(read_.begin(), read_.end(), key) != read_.end()) continue;
        read_.push_back(key);
        if (input.shape) shapes_.push_back(*input.shape);
      }
    }
    operands += read_.size();
    return operands <= kOperands &&
           ((shapes_.empty() && !rows) || internal::grid_of(shape(last), shapes_, rows).has_value());
  }

  Nodes nodes_;
  graph::internal::NodeTable<int> number_;
  std::vector<Input> inputs_;              // of all nodes
  std::vector<std::size_t> first_input_;   // by node
  std::vector<int> group_;                 // by node
  std::vector<std::optional<Sum>> sums_;   // by node
  Lists users_;                            // by node
  std::vector<std::vector<int>> members_;  // by group, sorted

  // Kept from node to node for their memory.
  std::vector<int> together_, merged_, joined_;
  std::vector<std::pair<int, int>> read_;
  std::vector<Shape> shapes_;
};

/// Has a group read its inputs where they lie in larger tensors, and write what is joined where it shall lie, as far as
/// all of that is cut into the same rows. Leaves of the nodes that join those for which this holds.
void place_sections(internal::Fused& op, Tensors& inputs, Nodes& joins) {
  constexpr std::int64_t kWide = 64;  // shorter rows take longer one by one than to be copied
  std::vector<Shape> shapes;
  for (const Tensor& input : inputs) shapes.push_back(input.shape());
  std::optional<std::pair<std::int64_t, std::int64_t>> cut;
  const auto fits = [&](const internal::Section& s) {
    const std::pair rows_and_columns{s.rows, s.columns};
    if (s.columns < kWide || s.rows * s.columns != op.shape.elements()) return false;
    if (!cut && internal::grid_of(op.shape, shapes, rows_and_columns)) cut = rows_and_columns;
    return cut == rows_and_columns;
  };
  std::erase_if(joins, [&](const auto& join) {
    std::vector<Shape> parts;
    for (const Tensor& part : join->inputs()) parts.push_back(part.shape());
    auto sections = dynamic_cast<const internal::JoinsSections&>(join->op()).sections_of(parts);
    if (!std::all_of(sections.begin(), sections.end(), fits)) return true;
    op.joined.push_back({0, std::move(sections)});
    return false;
  });
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    const Node& node = inputs[k].node();
    const auto* slice = graph::internal::implements<internal::TakesSection>(node.op());
    if (!slice) continue;
    const internal::Section section = slice->section_of(node.inputs()[0].shape());
    if (!fits(section)) continue;
    op.read.resize(inputs.size());
    op.read[k] = section;
    inputs[k] = node.inputs()[0];
  }
  if (cut) op.columns = cut->second;
}

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

  std::unordered_set<const Node*> joined;  // by loops that write their parts
  const auto fuse = [&](const std::vector<int>& members) {
    auto op = std::make_shared<internal::Fused>();
    internal::PointwiseNodes chain;
    std::vector<const Node*> kept, sums;
    for (const int member : members) {
      const Node& node = *nodes[static_cast<std::size_t>(member)];
      if (const auto& sum = groups.sum(member)) {
        sums.push_back(&node);
        op->factors.push_back(sum->factor);
        op->columns = sum->columns;
        continue;
      }
      chain.add(node);
      op->shape = node.outputs()[0].shape;
    }
    Tensors inputs = chain.inputs();
    Nodes joins;
    if (sums.empty()) {
      for (const int join : groups.joins_of(members)) joins.push_back(nodes[static_cast<std::size_t>(join)]);
      place_sections(*op, inputs, joins);
    }
    for (const auto& join : joins) joined.insert(join.get());
    for (const int member : members)
      if (!groups.sum(member) && groups.needed_outside(member, members, joined))
        kept.push_back(nodes[static_cast<std::size_t>(member)].get());
    std::vector<const Node*> stored = kept;  // whose values the loop stores, or adds up
    for (std::size_t k = 0; k < joins.size(); ++k) {
      op->joined[k].result = kept.size();
      kept.push_back(joins[k].get());
      for (const Tensor& part : joins[k]->inputs()) stored.push_back(&part.node());
    }
    for (const Node* sum : sums) stored.push_back(&sum->inputs()[0].node());
    kept.insert(kept.end(), sums.begin(), sums.end());
    op->expression = chain.expression(stored);
    for (Tensor& input : inputs) input = rewritten(input);
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
    else if ((members || !groups.within_group(i)) && !joined.contains(node.get()))
      copy(node);
  }
  return outputs.rewritten(rewritten);
}

const bool fuse_elementwise_registered = graph::register_rewrite("fusion", 1, "elementwise", fuse_elementwise);

}  // namespace
}  // namespace cornu::ops
