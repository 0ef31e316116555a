#include "cornu/graph/passes/common_subexpressions.h"

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
    if (const auto* read = dynamic_cast<const ReadVariable*>(&op)) put(read->variable.id());
    if (const auto* fixed = dynamic_cast<const Constant*>(&op)) {
      const std::size_t size = fixed->value.nbytes();
      if (size <= kComparedBytes) bytes.append(reinterpret_cast<const char*>(fixed->value.bytes()), size);
      else put(fixed->value.bytes());
    }
    const Tensors& inputs = node.inputs();
    const bool swapped = traits.commutative && inputs.size() == 2 &&
                         std::pair(inputs[1].node().id(), inputs[1].index()) < std::pair(inputs[0].node().id(), inputs[0].index());
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const Tensor& input = inputs[swapped ? 1 - i : i];
      put(&input.node());
      put(input.index());
    }
    return true;
  }

  std::string bytes;

 private:
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

}  // namespace

Outputs merge_common_subexpressions(const Outputs& outputs) {
  std::unordered_map<std::string, Tensors> seen;
  Key key;
  return internal::sweep(outputs, [&](const Node& node, const Node&, const Users&) -> Tensors {
    if (!key.write(node)) return {};
    const auto [found, added] = seen.try_emplace(key.bytes);
    if (!added) return found->second;
    const auto self = node.shared_from_this();
    for (int i = 0; i < static_cast<int>(node.outputs().size()); ++i) found->second.emplace_back(self, i);
    return {};
  });
}

}  // namespace cornu::graph::passes
