#include "cornu/graph/print.h"

#include <map>
#include <unordered_map>

#include "cornu/graph/check.h"
#include "cornu/graph/internal/labels.h"
#include "cornu/graph/leaf.h"
#include "cornu/graph/pass.h"

namespace cornu::graph {
namespace {

using internal::quoted;
using internal::shown_value;

class Printer {
 public:
  explicit Printer(const Outputs& outputs) : outputs_(outputs), nodes_(reachable(outputs)) {}

  std::string print() {
    for (const auto& node : nodes_)
      if (const auto* p = dynamic_cast<const Parameter*>(&node->op())) parameters_.emplace(p->index, node.get());
    for (const auto& [index, node] : parameters_) {
      first_[node] = number_++;
      parts_[kParameters] += line("%", first_[node], " : ", node->outputs()[0]);
    }
    for (const auto& node : nodes_) add(*node);
    // a variable may be written without being read
    for (const auto& [variable, value] : outputs_.updates()) name_of(variable);
    for (const Tensor& tensor : outputs_.tensors()) parts_[kOutputs] += line(text_of(tensor));
    for (const auto& [variable, value] : outputs_.updates()) parts_[kUpdates] += line(name_of(variable), " <- ", text_of(value));
    std::string text;
    for (int i = 0; i < kParts; ++i)
      if (!parts_[i].empty()) text += message(kHeadings[i], '\n', parts_[i]);
    return text;
  }

 private:
  enum { kParameters, kVariables, kConstants, kNodes, kOutputs, kUpdates, kParts };
  static constexpr const char* kHeadings[kParts] = {"parameters", "variables", "constants", "nodes", "outputs", "updates"};

  template <class... T>
  static std::string line(const T&... parts) { return message("  ", parts..., '\n'); }

  const std::string& name_of(const Variable& variable) {
    const auto [at, added] = variables_.try_emplace(variable.id());
    if (added) {
      at->second = message("%w", variables_.size() - 1, ':', quoted(variable.name()));
      parts_[kVariables] += line(at->second, " : ", variable.spec());
    }
    return at->second;
  }

  void add(const Node& node) {
    const Op& op = node.op();
    if (dynamic_cast<const Parameter*>(&op)) return;
    if (const auto* read = dynamic_cast<const ReadVariable*>(&op)) {
      leaves_[&node] = name_of(read->variable);
      return;
    }
    if (const auto* fixed = dynamic_cast<const Constant*>(&op)) {
      if (fixed->value.size() == 1) {
        leaves_[&node] = shown_value(fixed->value);
        return;
      }
      leaves_[&node] = message("%c", constants_++);
      parts_[kConstants] += line(leaves_[&node], " = ", shown_value(fixed->value), " : ", fixed->value.spec());
      return;
    }
    std::string names, specs, arguments;
    first_[&node] = number_;
    for (const Spec& spec : node.outputs()) {
      names += message(names.empty() ? "%" : ", %", number_++);
      specs += message(specs.empty() ? "" : ", ", spec);
    }
    for (const Tensor& input : node.inputs()) arguments += (arguments.empty() ? "" : ", ") + text_of(input);
    const std::string fields = internal::shown_fields(op);
    parts_[kNodes] += line(names, " = ", node.scope(), node.scope().empty() ? "" : "/", op.name(), '(', arguments,
                           arguments.empty() || fields.empty() ? "" : ", ", fields, ") : ", specs);
  }

  std::string text_of(const Tensor& tensor) const {
    const auto leaf = leaves_.find(&tensor.node());
    return leaf != leaves_.end() ? leaf->second : message('%', first_.at(&tensor.node()) + tensor.index());
  }

  const Outputs& outputs_;
  std::vector<std::shared_ptr<const Node>> nodes_;
  std::multimap<int, const Node*> parameters_;
  std::unordered_map<const Node*, int> first_;  // number of a node's first output
  std::unordered_map<const Node*, std::string> leaves_;
  std::unordered_map<const void*, std::string> variables_;
  std::string parts_[kParts];
  int number_ = 0, constants_ = 0;
};

}  // namespace

std::string to_string(const Outputs& outputs) { return Printer(outputs).print(); }

}  // namespace cornu::graph
