#include <map>
#include <sstream>
#include <unordered_map>

#include "cornu/graph/bodies.h"
#include "cornu/graph/check.h"
#include "cornu/graph/internal/labels.h"
#include "cornu/graph/leaf.h"
#include "cornu/graph/passes/pass.h"
#include "cornu/graph/print.h"

namespace cornu::graph {
namespace {

using internal::quoted;

// A name scope: its nodes' lines, and the scopes in it.
struct Cluster {
  std::string lines;
  std::map<std::string, Cluster> inner;
};

class DotPrinter {
 public:
  explicit DotPrinter(const Outputs& outputs) : outputs_(outputs), nodes_(reachable(outputs)) {}

  std::string print(std::string_view name) {
    for (const auto& node : nodes_) add(*node);
    const auto& tensors = outputs_.tensors();
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      all_.lines += message("  output", i, " [shape=oval, label=\"output ", i, "\"];\n");
      edge(tensors[i], message("output", i), "");
    }
    for (const auto& [variable, value] : outputs_.updates())
      edge(value, id_of(variable), "style=dashed, constraint=false, ");
    std::ostringstream out;
    out << "digraph " << quoted(name) << " {\n  node [shape=box, fontname=\"monospace\"];\n";
    print(all_, "  ", out);
    out << edges_ << "}\n";
    return std::move(out).str();
  }

 private:
  const std::string& id_of(const Variable& variable) {
    const auto [at, added] = variables_.try_emplace(variable.id());
    if (added) {
      at->second = message("w", variables_.size() - 1);
      all_.lines += message("  ", at->second, " [shape=cylinder, label=", quoted(variable.name()), "];\n");
    }
    return at->second;
  }

  void add(const Node& node) {
    const Op& op = node.op();
    if (const auto* read = dynamic_cast<const ReadVariable*>(&op)) {
      ids_[&node] = id_of(read->variable);
      return;
    }
    const std::string& id = ids_[&node] = message("n", ids_.size());
    if (const auto* p = dynamic_cast<const Parameter*>(&op)) {
      cluster_of(within_).lines += message("  ", id, " [shape=oval, label=\"parameter ", p->index, "\"];\n");
      return;
    }
    const auto* fixed = dynamic_cast<const Constant*>(&op);
    const std::string fields = internal::shown_fields(op);
    const std::string label =
        fixed ? internal::shown_value(fixed->value) : message(op.name(), fields.empty() ? "" : "\n", fields);
    cluster_of(within_.empty() ? node.scope() : within_).lines +=
        message("  ", id, " [", fixed ? "shape=plaintext, " : "", "label=", quoted(label), "];\n");
    for (const Tensor& input : node.inputs()) edge(input, id, "");
    for (const Outputs* body : bodies_of(op)) add_body(*body, message("body of ", op.name(), " ", id), id);
  }

  // What it computes lies in a cluster of its own, with arrows from the results to the node that has the body.
  void add_body(const Outputs& body, const std::string& name, const std::string& owner) {
    const std::string outer = std::exchange(within_, within_.empty() ? name : within_ + '/' + name);
    for (const auto& node : reachable(body))
      if (!ids_.contains(node.get())) add(*node);
    for (const Tensor& result : body.tensors()) edge(result, owner, "style=dashed, constraint=false, ");
    within_ = outer;
  }

  Cluster& cluster_of(std::string_view scope) {
    Cluster* cluster = &all_;
    while (!scope.empty()) {
      const std::size_t slash = scope.find('/');
      cluster = &cluster->inner[std::string(scope.substr(0, slash))];
      scope = slash == std::string_view::npos ? std::string_view() : scope.substr(slash + 1);
    }
    return *cluster;
  }

  void edge(const Tensor& from, const std::string& to, std::string_view style) {
    edges_ +=
        message("  ", ids_.at(&from.node()), " -> ", to, " [", style, "label=", quoted(message(from.spec())), "];\n");
  }

  // Clusters nest as deep as scopes do.
  void print(const Cluster& cluster, const std::string& indent, std::ostream& out) {
    std::istringstream lines(cluster.lines);
    for (std::string line; std::getline(lines, line);) out << indent << line.substr(2) << '\n';
    for (const auto& [name, inner] : cluster.inner) {
      out << indent << "subgraph cluster_" << clusters_++ << " {\n" << indent << "  label=" << quoted(name) << ";\n";
      print(inner, indent + "  ", out);
      out << indent << "}\n";
    }
  }

  const Outputs& outputs_;
  std::vector<std::shared_ptr<const Node>> nodes_;
  std::unordered_map<const Node*, std::string> ids_;
  std::unordered_map<const void*, std::string> variables_;
  Cluster all_;
  std::string edges_;
  std::string within_;  // the clusters of the bodies that are being printed
  int clusters_ = 0;
};

}  // namespace

std::string to_dot(const Outputs& outputs, std::string_view name) { return DotPrinter(outputs).print(name); }

}  // namespace cornu::graph
