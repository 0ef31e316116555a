#include "cornu/graph/passes/common_subexpressions.h"

#include <memory_resource>
#include <type_traits>
#include <typeinfo>
#include <unordered_map>

#include "cornu/graph/internal/sweep.h"
#include "cornu/graph/leaf.h"

namespace cornu::graph::passes {
namespace {

constexpr std::size_t kComparedBytes = 1024;  // larger constants are equal if they are one buffer

// Bytes that are equal for nodes which compute the same.
class Key final : public FieldVisitor {
 public:
  /// False if the node must stay apart.
  bool write(const Node& node) {
    bytes.clear();
    const Op& op = node.op();
    const Traits traits = op.traits();
    if (traits.stateful) return false;
    put(&typeid(op));  // by address: classes without linkage may have one name
    op.fields(*this);
    const Tensors& inputs = node.inputs();
    if (!inputs.empty()) {
      write(inputs, traits.commutative);
    } else if (const auto* read = dynamic_cast<const ReadVariable*>(&op)) {
      put(read->variable.id());
    } else if (const auto* fixed = dynamic_cast<const Constant*>(&op)) {
      const std::size_t size = fixed->value.nbytes();
      if (size <= kComparedBytes) bytes.append(reinterpret_cast<const char*>(fixed->value.bytes()), size);
      else put(fixed->value.bytes());
    }
    return true;
  }

  std::string bytes;

 private:
  void write(const Tensors& inputs, bool commutative) {
    const bool swapped = commutative && inputs.size() == 2 &&
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
struct Seen {
  std::pmr::monotonic_buffer_resource memory;
  std::pmr::unordered_map<std::pmr::string, const Node*> nodes{&memory};
  Key key;
};

}  // namespace

Outputs merge_common_subexpressions(const Outputs& outputs) { return internal::sweep(outputs, internal::merging()); }

}  // namespace cornu::graph::passes

namespace cornu::graph {

internal::Visit internal::merging() {
  return [seen = std::make_shared<passes::Seen>()](const Node& node, const Node&, const Users&) -> Tensors {
    if (!seen->key.write(node)) return {};
    const auto [found, added] = seen->nodes.try_emplace(std::pmr::string(seen->key.bytes, &seen->memory), &node);
    if (added || found->second == &node) return {};
    Tensors equal;  // the sweep keeps what it has visited
    for (int i = 0; i < static_cast<int>(node.outputs().size()); ++i) equal.emplace_back(found->second->shared_from_this(), i);
    return equal;
  };
}

}  // namespace cornu::graph
