#include "cornu/graph/print.h"

#include <map>
#include <unordered_map>

#include "cornu/graph/bodies.h"
#include "cornu/graph/check.h"
#include "cornu/graph/internal/labels.h"
#include "cornu/graph/leaf.h"
#include "cornu/graph/passes/pass.h"

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
    for (const Tensor& tensor : outputs_.tensors()) parts_[kOutputs] += line(text_of(tensor));
    for (const auto& [variable, value] : outputs_.updates()) {
      const std::string target = name_of(variable);  // numbered before what the value shows
      parts_[kUpdates] += line(target, " <- ", text_of(value));
    }
    std::string text;
    for (int i = 0; i < kParts; ++i)
      if (!parts_[i].empty()) text += message(kHeadings[i], '\n', parts_[i]);
    return text;
  }

 private:
  enum { kParameters, kVariables, kConstants, kNodes, kOutputs, kUpdates, kParts };
  static constexpr const char* kHeadings[kParts] = {"parameters", "variables", "constants",
                                                    "nodes",      "outputs",   "updates"};

  template <class... T>
  static std::string line(const T&... parts) {
    return message("  ", parts..., '\n');
  }

  const std::string& name_of(const Variable& variable) {
    const auto [at, added] = variables_.try_emplace(variable.id());
    if (added) {
      at->second = message("%w", variables_.size() - 1, ':', quoted(variable.name()));
      parts_[kVariables] += line(at->second, " : ", variable.spec());
    }
    return at->second;
  }

  void add(const Node& node) {
    if (node.inputs().empty() && is_leaf(node.op())) return;  // shown where it is used first
    std::string names, specs, arguments;
    first_[&node] = number_;
    for (const Spec& spec : node.outputs()) {
      names += message(names.empty() ? "%" : ", %", number_++);
      specs += message(specs.empty() ? "" : ", ", spec);
    }
    for (const Tensor& input : node.inputs()) arguments += (arguments.empty() ? "" : ", ") + text_of(input);
    const std::string fields = internal::shown_fields(node.op());
    parts_[kNodes] += line(names, " = ", node.scope(), node.scope().empty() ? "" : "/", node.op().name(), '(',
                           arguments, arguments.empty() || fields.empty() ? "" : ", ", fields, ") : ", specs);
    for (const Outputs* body : bodies_of(node.op())) add_body(Printer(*body).print());
  }

  // A body has numbers of its own.
  void add_body(std::string_view text) {
    while (!text.empty()) {
      const std::size_t end = text.find('\n');
      parts_[kNodes] += line("  | ", text.substr(0, end));
      text.remove_prefix(end + 1);
    }
  }

  static bool is_leaf(const Op& op) {
    return dynamic_cast<const Parameter*>(&op) || dynamic_cast<const ReadVariable*>(&op) ||
           dynamic_cast<const Constant*>(&op);
  }

  std::string text_of(const Tensor& tensor) {
    if (const auto* read = as<ReadVariable>(tensor)) return name_of(read->variable);
    if (const auto* fixed = as<Constant>(tensor)) {
      if (fixed->value.size() == 1) return shown_value(fixed->value);
      const auto [at, added] = constants_.try_emplace(&tensor.node());
      if (added) {
        at->second = message("%c", constants_.size() - 1);
        parts_[kConstants] += line(at->second, " = ", shown_value(fixed->value), " : ", fixed->value.spec());
      }
      return at->second;
    }
    return message('%', first_.at(&tensor.node()) + tensor.index());
  }

  const Outputs& outputs_;
  std::vector<std::shared_ptr<const Node>> nodes_;
  std::multimap<int, const Node*> parameters_;
  std::unordered_map<const Node*, int> first_;  // number of a node's first output
  std::unordered_map<const Node*, std::string> constants_;
  std::unordered_map<const void*, std::string> variables_;
  std::string parts_[kParts];
  int number_ = 0;
};

}  // namespace

std::string to_string(const Outputs& outputs) { return Printer(outputs).print(); }

}  // namespace cornu::graph
