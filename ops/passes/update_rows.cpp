#include <map>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "cornu/graph/passes/pass.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/gather.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/rows.h"
#include "cornu/ops/native/slice.h"
#include "cornu/ops/passes/internal/match.h"

// The gradient of a table of which a batch has read some rows is zero in all others. Where a zero gradient leaves a row
// as it is, the update is computed for those rows alone and written over them: its cost is theirs, not the table's. So
// it is with v - rate * g (SGD without momentum) and with Adagrad's two updates; with momentum, or moving averages,
// rows go on moving, and nothing is changed here. The numbers are the same bits, as long as they are finite: a rate
// that is infinite makes NaN of every row, or of none but those that were read.
namespace cornu::ops {
namespace {

using graph::Node;
using graph::Outputs;
using internal::is;
using internal::number_field;

/// What a row of a tensor in the table's shape is where the gradient's row is zero.
enum class Row {
  zero,   // zero
  same,   // that of the variable
  other,  // anything that is computed from that row of variables
  none    // it cannot be computed by itself
};

/// What lies in an expression of elementwise steps on the table.
class Expression {
 public:
  explicit Expression(const graph::Variable& variable) : variable_(variable) {}

  Row row(const Tensor& t) {
    if (t.shape() != variable_.shape() || ++asked_ > kMostNodes) return Row::none;
    const Node& node = t.node();
    const auto [found, fresh] = rows_.try_emplace(&node, Row::none);
    if (fresh) found->second = classified(node);
    return rows_.at(&node);
  }
  const std::vector<const Node*>& scatters() const { return scatters_; }
  /// Sorting indices costs more than a table of not many more rows.
  bool pays() const {
    std::int64_t indices = 0;
    for (const Node* scatter : scatters_) indices += scatter->inputs()[0].shape().elements();
    return variable_.shape().front() >= kWorthSorting * indices;
  }

 private:
  static constexpr std::int64_t kWorthSorting = 4;
  static constexpr int kMostNodes = 200;  // of an optimizer's formula; it also bounds the depth

  Row classified(const Node& node) {
    if (const auto* read = graph::as<graph::ReadVariable>(node.op()))
      return read->variable == variable_ ? Row::same : Row::other;
    if (is(node, "scatter_add")) {
      if (number_field(node.op(), "axis") != 0) return Row::none;
      scatters_.push_back(&node);
      return Row::zero;
    }
    if (!node.op().traits().elementwise || node.outputs().size() != 1) return Row::none;
    std::vector<Row> in;
    for (const Tensor& input : node.inputs()) {
      // A row of it, or one number, goes with every row of the table.
      const bool with_every = input.ndim() < variable_.shape().rank() || input.shape().front() == 1;
      in.push_back(with_every ? Row::other : row(input));
      if (in.back() == Row::none) return Row::none;
    }
    if (in.size() == 1) return keeps_zero(node) ? in[0] == Row::zero ? Row::zero : Row::other : Row::other;
    if (in.size() != 2) return Row::other;
    const bool zero = in[0] == Row::zero, zeros = zero && in[1] == Row::zero;
    if (is(node, "multiply")) return zero || in[1] == Row::zero ? Row::zero : Row::other;
    if (is(node, "divide")) return zero && !zeros ? Row::zero : Row::other;
    if (is(node, "add") || is(node, "subtract")) {
      if (zeros) return Row::zero;
      if (in[0] == Row::same && in[1] == Row::zero) return Row::same;
      if (zero && in[1] == Row::same && is(node, "add")) return Row::same;
    }
    return Row::other;
  }

  static bool keeps_zero(const Node& node) {
    for (const char* name : {"square", "sqrt", "abs", "negative", "sign", "cast"})
      if (is(node, name)) return true;
    if (is(node, "clip")) return number_field(node.op(), "low") <= 0.0 && number_field(node.op(), "high") >= 0.0;
    return is(node, "linear") && number_field(node.op(), "beta") == 0;
  }

  const graph::Variable& variable_;
  std::unordered_map<const Node*, Row> rows_;
  std::vector<const Node*> scatters_;
  int asked_ = 0;
};

/// Expressions for the rows that some scatters touch.
class Rows {
 public:
  Rows(const std::vector<const Node*>& scatters, std::int64_t rows) : rows_(rows) {
    Tensors all;
    for (const Node* scatter : scatters) all.push_back(cast(flat(scatter->inputs()[0]), graph::int64));
    distinct_ = distinct_rows(all.size() == 1 ? flat(scatters[0]->inputs()[0]) : concatenate(all, 0), rows);
  }

  const Tensor& distinct() const { return distinct_; }

  Tensor of(const Tensor& t, const Shape& table) {
    if (t.shape() != table) return t;  // goes with every row
    const Node& node = t.node();
    if (const auto found = made_.find(&node); found != made_.end()) return found->second;
    const graph::NameScope scope(node);
    Tensor rows;
    if (graph::as<graph::ReadVariable>(node.op())) {
      rows = take(t, distinct_, 0);
    } else if (is(node, "scatter_add")) {
      const Tensor& updates = node.inputs()[1];
      const Tensor indices = flat(node.inputs()[0]);
      rows = scattered_rows(distinct_, indices, reshape(updates, table.with(0, indices.shape().front())), rows_);
    } else {
      Tensors inputs;
      for (const Tensor& input : node.inputs()) inputs.push_back(of(input, table));
      rows = graph::apply1(node.op_ptr(), std::move(inputs));
    }
    return made_.emplace(&node, rows).first->second;
  }

 private:
  static Tensor flat(const Tensor& t) { return t.ndim() == 1 ? t : reshape(t, {t.shape().elements()}); }

  std::int64_t rows_;
  Tensor distinct_;
  std::unordered_map<const Node*, Tensor> made_;
};

Outputs update_rows(const Outputs& outputs) {
  using Scatters = std::vector<const Node*>;
  std::map<Scatters, Rows> groups;  // the slots of a variable move with it
  std::vector<Scatters> of_updates;
  std::vector<Outputs::Update> updates;
  for (const auto& [variable, value] : outputs.updates()) {
    updates.emplace_back(variable, value);
    of_updates.emplace_back();
    const Shape& table = variable.shape();
    if (table.rank() < 2 || table.front() < 2 || value.spec() != variable.spec()) continue;
    Expression expression(variable);
    if (expression.row(value) != Row::same || expression.scatters().empty() || !expression.pays()) continue;
    of_updates.back() = expression.scatters();
    Rows& rows = groups.try_emplace(expression.scatters(), expression.scatters(), table.front()).first->second;
    const graph::NameScope scope(value.node());
    updates.back().second = replace_rows(rows.distinct(), rows.of(value, table), Tensor(variable));
  }
  if (groups.empty()) return outputs;
  // Where somebody else reads the gradient as a table, nothing is saved.
  std::unordered_set<const Node*> left;
  for (const auto& node : graph::reachable(Outputs(outputs.tensors(), updates))) left.insert(node.get());
  for (std::size_t i = 0; i < updates.size(); ++i)
    for (const Node* scatter : of_updates[i])
      if (left.contains(scatter)) updates[i].second = outputs.updates()[i].second;
  return Outputs(outputs.tensors(), std::move(updates));
}

const bool update_rows_registered = graph::register_rewrite("simplification", 1, "update_rows", update_rows);

}  // namespace
}  // namespace cornu::ops
