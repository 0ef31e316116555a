#include "cornu/graph/passes/internal/common_subexpressions.h"

#include <algorithm>
#include <memory_resource>
#include <string_view>
#include <type_traits>
#include <typeinfo>
#include <unordered_map>

#include "cornu/graph/bodies.h"
#include "cornu/graph/internal/sweep.h"
#include "cornu/graph/leaf.h"
#include "cornu/graph/passes/pass.h"

namespace cornu::graph::passes {
namespace {

constexpr std::size_t kComparedBytes = 1024;  // larger constants are equal if they are one buffer

// Bytes that are equal for nodes which compute the same.
class Key final : public FieldVisitor {
 public:
  /// False if the node must stay apart.
  bool write(const Node& node) {
    bytes.clear();
    if (node.op().traits().stateful) return false;
    write_op(node);
    write_inputs(node.inputs(), node.op().traits().commutative);
    return true;
  }

  std::string bytes;

 private:
  void write_op(const Node& node) {
    const Op& op = node.op();
    put(&typeid(op));  // by address: classes without linkage may have one name
    op.fields(*this);
    for (const Outputs* body : bodies_of(op)) write_body(*body);
    if (!node.inputs().empty()) return;
    if (const auto* read = as<ReadVariable>(op)) {
      put(read->variable.id());
    } else if (const auto* fixed = as<Constant>(op)) {
      const std::size_t size = fixed->value.nbytes();
      if (size <= kComparedBytes)
        bytes.append(reinterpret_cast<const char*>(fixed->value.bytes()), size);
      else
        put(fixed->value.bytes());
    }
  }
  // A body's nodes by their places in its order, so that equal bodies of different nodes have equal keys.
  void write_body(const Outputs& body) {
    std::unordered_map<const Node*, std::size_t> places;
    const auto nodes = reachable(body);
    put(nodes.size());
    const auto refer = [&](const Tensor& tensor) {
      put(places.at(&tensor.node()));
      put(tensor.index());
    };
    for (const auto& node : nodes) {
      write_op(*node);
      for (const Tensor& input : node->inputs()) refer(input);
      places.emplace(node.get(), places.size());
    }
    put(body.tensors().size());
    for (const Tensor& tensor : body.tensors()) refer(tensor);
  }
  void write_inputs(const Tensors& inputs, bool commutative) {
    const bool swapped =
        commutative && inputs.size() == 2 &&
        std::pair(inputs[1].node().id(), inputs[1].index()) < std::pair(inputs[0].node().id(), inputs[0].index());
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const Tensor& input = inputs[swapped ? 1 - i : i];
      put(&input.node());
      put(input.index());
    }
  }
  template <class T>
  requires std::is_trivially_copyable_v<T>
  void put(const T& value) { bytes.append(reinterpret_cast<const char*>(&value), sizeof value); }
  void words(std::string_view text) {
    put(text.size());
    bytes.append(text);
  }

  // With their names: some ops show a field only if it is set.
  void boolean(std::string_view name, bool value) override { words(name), put(value); }
  void integer(std::string_view name, std::int64_t value) override { words(name), put(value); }
  void number(std::string_view name, double value) override { words(name), put(value); }
  void text(std::string_view name, std::string_view value) override { words(name), words(value); }
  void integers(std::string_view name, const std::vector<std::int64_t>& value) override {
    words(name), put(value.size());
    for (const std::int64_t v : value) put(v);
  }
};

// The nodes visited so far by their keys, in memory that is freed as a whole.
class Seen {
 public:
  /// The first node that computes the same: this one if there was none, or if it must stay apart.
  const Node* first_like(const Node& node) {
    if (!key_.write(node)) return &node;
    const Entry entry{std::hash<std::string_view>()(key_.bytes), key_.bytes};
    if (const auto found = nodes_.find(entry); found != nodes_.end()) return found->second;
    auto* bytes = static_cast<char*>(memory_.allocate(key_.bytes.size(), 1));
    std::copy(key_.bytes.begin(), key_.bytes.end(), bytes);
    nodes_.emplace(Entry{entry.hash, {bytes, key_.bytes.size()}}, &node);
    return &node;
  }

 private:
  struct Entry {
    std::size_t hash;
    std::string_view bytes;
    friend bool operator==(const Entry& a, const Entry& b) { return a.hash == b.hash && a.bytes == b.bytes; }
  };
  struct Hash {
    std::size_t operator()(const Entry& entry) const { return entry.hash; }
  };
  std::pmr::monotonic_buffer_resource memory_{std::size_t{1} << 16};
  std::pmr::unordered_map<Entry, const Node*, Hash> nodes_{&memory_};
  Key key_;
};

}  // namespace

Outputs merge_common_subexpressions(const Outputs& outputs) { return internal::sweep(outputs, internal::merging()); }

}  // namespace cornu::graph::passes

namespace cornu::graph {

internal::Visit internal::merging() {
  return [seen = std::make_shared<passes::Seen>()](const Node& node, const Node&, const Users&) -> Tensors {
    const Node* first = seen->first_like(node);
    if (first == &node) return {};
    Tensors equal;  // the sweep keeps what it has visited
    for (int i = 0; i < static_cast<int>(node.outputs().size()); ++i) equal.emplace_back(first->shared_from_this(), i);
    return equal;
  };
}

}  // namespace cornu::graph
